package io.tiphys.engine;

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
}
