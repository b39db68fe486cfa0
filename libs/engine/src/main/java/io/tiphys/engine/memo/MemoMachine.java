package io.tiphys.engine.memo;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Memoize;
import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Memo;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.scope.GlobalOutputs;
import io.tiphys.engine.scope.PodScope;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node with {@code template.memoize}: asks the cache before it begins (after it has its locks), and ends at once on a hit.
 * Attempts are covered by their retry node. What succeeds after a miss is saved ({@link Draft#add(Event)}).
 */
public final class MemoMachine {
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9][-a-zA-Z0-9]*");

    private MemoMachine() {}

    /** Asks the cache, unless that was done. */
    public static void attend(Draft draft, Node node) {
        if (node.memo() != null) {
            return;
        }
        Memoize memoize = rendered(node);
        String cache =
                memoize == null || memoize.cache() == null || memoize.cache().configMap() == null
                        ? null
                        : memoize.cache().configMap().getName();
        if (memoize == null || cache == null || cache.isEmpty()) {
            fail(
                    draft,
                    node,
                    "memoize of template \"" + name(node) + "\" can't be read: cache.configMap.name is needed");
        } else if (!KEY.matcher(memoize.key()).matches()) {
            fail(draft, node, "invalid cache key: " + memoize.key());
        } else if (!memoize.maxAge().isEmpty()
                && GoDuration.parse(memoize.maxAge()).isEmpty()) {
            fail(draft, node, "invalid maxAge: time: invalid duration \"" + memoize.maxAge() + "\"");
        } else {
            Memo memo = new Memo(Memo.State.ASKED, cache, memoize.key());
            draft.add(new Event.MemoChanged(node.seq(), memo));
            draft.add(new Command.LookUpCache(node.id(), cache, memoize.key()));
        }
    }

    /** The cache has answered. */
    public static void answered(Draft draft, Node node, Input.CacheLookedUp answer) {
        Memo memo = node.memo();
        if (memo == null
                || memo.state() != Memo.State.ASKED
                || node.isFinal()
                || !memo.key().equals(answer.key())) {
            return;
        }
        String failure = answer.failure();
        if (failure != null) {
            fail(draft, node, failure);
        } else if (isFresh(node, answer)) {
            Outputs outputs = answer.outputs();
            draft.add(new Event.MemoChanged(node.seq(), with(memo, Memo.State.HIT)));
            if (outputs != null) {
                draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
                GlobalOutputs.add(draft, outputs);
            }
            draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.SUCCEEDED, null, draft.at()));
        } else {
            draft.add(new Event.MemoChanged(node.seq(), with(memo, Memo.State.MISSED)));
            if (beginsRunning(node) && node.phase() == NodePhase.PENDING) {
                draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.RUNNING, null, draft.at()));
            }
        }
    }

    /** The cache has the outputs, or refused them: nothing is outstanding any more. */
    public static void saved(Draft draft, Node node) {
        Memo memo = node.memo();
        if (memo != null && memo.state() == Memo.State.MISSED) {
            draft.add(new Event.MemoChanged(node.seq(), with(memo, Memo.State.SAVED)));
        }
    }

    private static boolean beginsRunning(Node node) {
        return switch (node.type()) {
            case STEPS, DAG, RETRY, SUSPEND -> true;
            case POD, HTTP, PLUGIN, CONTAINER, STEP_GROUP, TASK_GROUP, SKIPPED, UNKNOWN -> false;
        };
    }

    private static boolean isFresh(Node node, Input.CacheLookedUp answer) {
        Instant created = answer.createdAt();
        if (created == null) {
            return false;
        }
        Memoize memoize = rendered(node);
        Duration age = Duration.between(created, answer.at());
        return memoize == null
                || memoize.maxAge().isEmpty()
                || GoDuration.parse(memoize.maxAge())
                        .filter(maxAge -> age.compareTo(maxAge) <= 0)
                        .isPresent();
    }

    private static @Nullable Memoize rendered(Node node) {
        CompiledTemplate template = node.template();
        if (template == null || template.memoize() == null) {
            return null;
        }
        if (!(Texts.render(template.memoize(), new PodScope(node)) instanceof Texts.Outcome.Text(var json))) {
            return null;
        }
        try {
            return ApiJson.mapper().readValue(json, Memoize.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Memo with(Memo memo, Memo.State state) {
        return new Memo(state, memo.cacheName(), memo.key());
    }

    private static String name(Node node) {
        return node.template() == null ? "" : node.template().name();
    }

    private static void fail(Draft draft, Node node, String message) {
        draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.ERROR, message, draft.at()));
    }
}
