package io.tiphys.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's executor reports of its task. Several may come for one pod (progress first, then outputs); the one with
 * {@code complete} is the last and holds everything.
 *
 * @param phase {@code Error} or {@code Failed} if staging inputs or saving outputs failed; absent when all went well:
 *     how main ended is the pod's to say
 * @param outputs Argo's {@code Outputs}: parameters with values, artifacts with locations, result, exitCode
 * @param progress {@code N/M}
 */
public record TaskResult(
        WorkflowRef workflow,
        String nodeId,
        String podName,
        @Nullable String podUid,
        Instant at,
        @Nullable String phase,
        @Nullable String message,
        @Nullable JsonNode outputs,
        @Nullable String progress,
        boolean complete)
        implements Message {
    @Override
    public Topic topic() {
        return Topics.TASK_RESULTS;
    }

    @Override
    public String eventType() {
        return complete ? "io.tiphys.task.completed" : "io.tiphys.task.progressed";
    }

    @Override
    public String eventId() {
        return workflow.uid() + "/" + nodeId + "/" + podUid + "/" + at;
    }
}
