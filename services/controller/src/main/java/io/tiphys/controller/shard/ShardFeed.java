package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.kube.Watches;
import io.tiphys.controller.locks.ReplicaLocks;
import io.tiphys.controller.locks.Standing;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.Shards;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Hands what watches see and what is decided about locks to the shards that it concerns. From any thread. */
public final class ShardFeed implements Watches.Listener, ReplicaLocks.Listener {
    private final int shardCount;
    private final Supplier<Set<Integer>> owned;
    private final Inbox inbox;

    /**
     * A feed of the shards of one replica.
     *
     * @param owned the replica's shards
     */
    public ShardFeed(int shardCount, Supplier<Set<Integer>> owned, Inbox inbox) {
        this.shardCount = shardCount;
        this.owned = owned;
        this.inbox = inbox;
    }

    /** Takes inputs of shards; what is for a shard that isn't there (any more) is dropped. */
    @FunctionalInterface
    public interface Inbox {
        void post(int shard, ShardInput input);
    }

    @Override
    public void workflowSeen(int shard, Workflow workflow, int generation) {
        inbox.post(shard, new ShardInput.WorkflowSeen(workflow, generation));
    }

    @Override
    public void workflowGone(int shard, Workflow workflow) {
        inbox.post(shard, new ShardInput.WorkflowGone(workflow));
    }

    @Override
    public void podSeen(int shard, PodObservation pod, int generation) {
        inbox.post(shard, new ShardInput.PodSeen(pod, generation));
    }

    @Override
    public void podGone(int shard, PodObservation pod) {
        inbox.post(shard, new ShardInput.PodGone(pod));
    }

    @Override
    public void synced(int shard, List<Workflow> workflows, List<PodObservation> pods, int generation) {
        inbox.post(shard, new ShardInput.Synced(workflows, pods, generation));
    }

    @Override
    public void answered(LockMessage.Answered answer) {
        inbox.post(Shards.of(answer.workflow().uid(), shardCount), new ShardInput.LockAnswered(answer));
    }

    @Override
    public Set<Integer> shards() {
        return owned.get();
    }

    @Override
    public void known(int shard, Map<String, List<Standing>> standing) {
        inbox.post(shard, new ShardInput.LocksKnown(standing));
    }
}
