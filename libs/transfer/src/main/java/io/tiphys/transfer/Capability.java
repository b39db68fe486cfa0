package io.tiphys.transfer;

import java.time.Instant;
import java.util.Map;

/**
 * What one pod may do at the uploader: read and write exactly these objects. Signed by the controller ({@link CapabilityKey#sign}), shown
 * by the executor, checked by the uploader.
 *
 * @param workflowUid the token's subject
 * @param node the node's id
 * @param shard of the workflow; decides the partition of its task results
 * @param expires after which it is void; the uploader renews it while the pod lives
 * @param read artifact name → Argo artifact location as JSON ({@code {"oss": {"bucket": …, "key": …}}}); secrets by reference only
 * @param write as {@code read}, each location with the key to write to
 * @param agent whether it is the workflow's agent, which does the tasks of many nodes; it may ask for them and report about them
 */
public record Capability(
        String workflowUid,
        String namespace,
        String workflow,
        String node,
        String pod,
        int shard,
        Instant expires,
        Map<String, Map<String, Object>> read,
        Map<String, Map<String, Object>> write,
        boolean agent) {

    public Capability {
        read = Copies.of(read);
        write = Copies.of(write);
    }

    /** A capability of a node's own pod. */
    public Capability(
            String workflowUid,
            String namespace,
            String workflow,
            String node,
            String pod,
            int shard,
            Instant expires,
            Map<String, Map<String, Object>> read,
            Map<String, Map<String, Object>> write) {
        this(workflowUid, namespace, workflow, node, pod, shard, expires, read, write, false);
    }

    /** A capability of a workflow's agent; its node is named as its pod. */
    public static Capability ofAgent(
            String workflowUid, String namespace, String workflow, String pod, int shard, Instant expires) {
        return new Capability(workflowUid, namespace, workflow, pod, pod, shard, expires, Map.of(), Map.of(), true);
    }

    public Capability until(Instant newExpiry) {
        return new Capability(workflowUid, namespace, workflow, node, pod, shard, newExpiry, read, write, agent);
    }
}
