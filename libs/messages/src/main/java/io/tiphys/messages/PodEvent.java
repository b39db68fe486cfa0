package io.tiphys.messages;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something worth knowing later about a workflow's pod: why it was pending, evicted, restarted, or not created.
 *
 * @param phase the pod's phase, if there is a pod
 * @param reason one CamelCase word, as in Kubernetes Events
 */
public record PodEvent(
        WorkflowRef workflow,
        String nodeId,
        String podName,
        Instant at,
        @Nullable String phase,
        String reason,
        @Nullable String message)
        implements Message {
    @Override
    public Topic topic() {
        return Topics.POD_EVENTS;
    }

    @Override
    public String eventType() {
        return "io.tiphys.pod.observed";
    }

    @Override
    public String eventId() {
        return workflow.uid() + "/" + podName + "/" + reason + "/" + at;
    }
}
