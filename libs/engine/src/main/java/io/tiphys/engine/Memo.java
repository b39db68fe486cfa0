package io.tiphys.engine;

import io.tiphys.engine.definition.CompiledTemplate;
import org.jspecify.annotations.Nullable;

/**
 * A node's entry in a cache: {@code status.nodes[].memoizationStatus} and where the asking stands.
 *
 * @param cacheName name of the ConfigMap
 * @param key what the outputs go by, with its tags filled in
 */
public record Memo(State state, String cacheName, String key) {
    /** Asked → hit, or asked → missed → saved. */
    public enum State {
        /** The cache was asked; the node waits for its answer. */
        ASKED,
        /** The outputs came from the cache. */
        HIT,
        /** The cache hadn't got them: the node runs, and its outputs go there if it succeeds. */
        MISSED,
        /** The cache has them by now, or can't take them. */
        SAVED
    }

    /** After a retry of the workflow: a node that ran because the cache hadn't got its outputs goes on without asking again, as in Argo. */
    static @Nullable Memo reopened(@Nullable Memo memo) {
        return memo == null || memo.state == State.ASKED || memo.state == State.HIT
                ? null
                : new Memo(State.MISSED, memo.cacheName, memo.key);
    }

    /** Whether what the node puts out is for the cache, which hadn't got it. A daemon that runs for one caller isn't there for the next. */
    static boolean isForCache(Node node) {
        Memo memo = node.memo;
        CompiledTemplate template = node.template;
        return memo != null && memo.state == State.MISSED && (template == null || !template.isDaemon());
    }
}
