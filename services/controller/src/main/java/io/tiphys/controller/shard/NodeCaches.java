package io.tiphys.controller.shard;

import io.tiphys.controller.cache.MemoCache;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.messages.WorkflowRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks caches about one workflow's nodes and gives them outputs to keep, off the shard's thread. */
final class NodeCaches {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCaches.class);

    private final WorkflowRef ref;
    private final ShardContext shard;

    NodeCaches(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    void lookUp(Command.LookUpCache look) {
        shard.requests().submit(object(look.cacheName()), () -> {
            MemoCache.Answer answer = shard.services().caches().lookUp(ref.namespace(), look.cacheName(), look.key());
            Input input = switch (answer) {
                case MemoCache.Answer.Found(var createdAt, var outputs) ->
                    new Input.CacheLookedUp(look.nodeId(), look.key(), createdAt, outputs, null, shard.now());
                case MemoCache.Answer.Nothing _ ->
                    new Input.CacheLookedUp(look.nodeId(), look.key(), null, null, null, shard.now());
                case MemoCache.Answer.Unusable(var message) ->
                    new Input.CacheLookedUp(look.nodeId(), look.key(), null, null, message, shard.now());
            };
            count(answer.getClass().getSimpleName());
            shard.post(new ShardInput.Observed(ref.uid(), input));
        });
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
