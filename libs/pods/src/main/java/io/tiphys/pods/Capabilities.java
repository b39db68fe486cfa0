package io.tiphys.pods;

import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.transfer.Capability;
import java.time.Instant;
import java.util.Map;

/** What pods may do at the uploader. */
final class Capabilities {
    private Capabilities() {}

    /**
     * To read and write these objects.
     *
     * @param expires when the pod has no earlier deadline
     */
    static Capability of(
            EnsurePod wish,
            WorkflowFacts workflow,
            Instant expires,
            Map<String, Map<String, Object>> read,
            Map<String, Map<String, Object>> write) {
        return new Capability(
                workflow.uid(),
                workflow.namespace(),
                workflow.name(),
                wish.nodeId(),
                wish.podName(),
                workflow.shard(),
                expires,
                read,
                write);
    }
}
