package io.tiphys.controller.shard;

import io.tiphys.messages.WorkflowRef;

/** Requests about the pods of one workflow; those about the same pod are made one after the other. */
final class PodRequests {
    private final WorkflowRef ref;
    private final ShardContext shard;

    PodRequests(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    /** Makes a request about the pod with this name. */
    void submit(String podName, PodCommands.Action request) {
        shard.requests().submit(ref.namespace() + "/pods/" + podName, request);
    }

    /** Deletes what there may be under the name. */
    void delete(String podName) {
        submit(podName, () -> shard.services().pods().delete(ref.namespace(), podName));
    }

    /** Takes the finalizer off that keeps the pod when it is deleted. */
    void release(String podName) {
        submit(podName, () -> shard.services().pods().release(ref.namespace(), podName));
    }

    void terminate(String podName) {
        submit(podName, () -> shard.services().pods().terminate(ref.namespace(), podName));
    }
}
