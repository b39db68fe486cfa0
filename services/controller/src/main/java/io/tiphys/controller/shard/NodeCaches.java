package io.tiphys.controller.shard;

import io.tiphys.controller.cache.MemoCache;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.messages.WorkflowRef;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks caches about one workflow's nodes and gives them outputs to keep, off the shard's thread. */
final class NodeCaches {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCaches.class);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final Map<String, Postponed> postponed = new HashMap<>();

    /** A look-up that failed so often, until its time comes. */
    private record Postponed(Command.LookUpCache look, int failures) {}

    NodeCaches(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    void lookUp(Command.LookUpCache look) {
        lookUp(look, 0);
    }

    private void lookUp(Command.LookUpCache look, int failures) {
        shard.requests().submit(object(look.cacheName()), () -> {
            MemoCache.Answer answer = shard.services().caches().lookUp(ref.namespace(), look.cacheName(), look.key());
            count(answer.getClass().getSimpleName());
            if (answer instanceof MemoCache.Answer.Unavailable(var reason)) {
                LOG.warn("cache {}/{} is to be asked again: {}", ref.namespace(), look.cacheName(), reason);
                shard.post(new ShardInput.CacheUnavailable(ref.uid(), look, failures));
                return;
            }
            Input input = switch (answer) {
                case MemoCache.Answer.Unavailable _ -> throw new IllegalStateException("dealt with before");
                case MemoCache.Answer.Found(var createdAt, var outputs) ->
                    new Input.CacheLookedUp(look.nodeId(), look.key(), createdAt, outputs, null, shard.now());
                case MemoCache.Answer.Nothing _ ->
                    new Input.CacheLookedUp(look.nodeId(), look.key(), null, null, null, shard.now());
                case MemoCache.Answer.Unusable(var message) ->
                    new Input.CacheLookedUp(look.nodeId(), look.key(), null, null, message, shard.now());
            };
            shard.post(new ShardInput.Observed(ref.uid(), input));
        });
    }

    /**
     * The cache is asked again after a pause that grows; the node waits for that long.
     *
     * @param failures how often that was done before
     */
    void unavailable(Command.LookUpCache look, int failures) {
        postponed.put(look.nodeId(), new Postponed(look, failures + 1));
        shard.timers()
                .start(
                        new TimerKey(ref.uid(), Purpose.LOOK_UP_CACHE, look.nodeId()),
                        shard.now().plus(Pauses.after(failures)));
    }

    /**
     * The pause is over.
     *
     * @param isAwaited whether the node still waits for the cache
     */
    void again(String nodeId, boolean isAwaited) {
        Postponed known = postponed.remove(nodeId);
        if (known != null && isAwaited) {
            lookUp(known.look(), known.failures());
        }
    }

    /** Outputs that can't be kept are a warning and no more: the node has done its work. */
    void save(Command.SaveCache save) {
        shard.requests().submit(object(save.cacheName()), () -> {
            var failure = shard.services()
                    .caches()
                    .save(ref.namespace(), save.cacheName(), save.key(), save.nodeId(), save.outputs());
            if (failure.isPresent()) {
                String message = "outputs of node " + save.nodeId() + " were not cached: " + failure.get();
                LOG.warn("workflow {}/{}: {}", ref.namespace(), ref.name(), message);
                shard.services().events().publish(ref, "Warning", "WorkflowCacheFailed", message, shard.now());
            }
            count(failure.isPresent() ? "NotSaved" : "Saved");
            shard.post(new ShardInput.Observed(ref.uid(), new Input.CacheSaved(save.nodeId(), shard.now())));
        });
    }

    private void count(String outcome) {
        shard.services()
                .metrics()
                .counter("tiphys.memoization", "outcome", outcome)
                .increment();
    }

    private String object(String cache) {
        return ref.namespace() + "/configmaps/" + cache;
    }
}
