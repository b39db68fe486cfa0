package io.tiphys.uploader.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.messages.ArtifactEvent;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.transfer.AgentWork;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.TaskReport;
import io.tiphys.transfer.Uploads;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what an executor says into messages: adds who it is and where its artifacts lie, from the capability. */
public final class TaskResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TaskResults() {}

    public static TaskResult of(Capability capability, TaskReport report, Instant now) {
        return new TaskResult(
                workflow(capability),
                capability.node(),
                capability.pod(),
                report.podUid(),
                now,
                report.phase(),
                report.message(),
                outputs(capability, report),
                report.progress(),
                report.complete());
    }

    private static final Set<String> PHASES =
            Set.of("Pending", "Running", "Succeeded", "Failed", "Error", "Skipped", "Omitted");

    /** What a workflow's agent says of one of its tasks. */
    public static TaskResult of(Capability agent, @Nullable String podUid, AgentWork.Result result, Instant now) {
        boolean known = PHASES.contains(result.phase());
        boolean complete =
                !known || !(result.phase().equals("Running") || result.phase().equals("Pending"));
        return new TaskResult(
                workflow(agent),
                result.nodeId(),
                agent.pod(),
                podUid,
                now,
                known ? result.phase() : "Error",
                known ? result.message() : "\"" + result.phase() + "\" is no phase of a node",
                result.outputs() == null ? null : JSON.valueToTree(result.outputs()),
                result.progress(),
                complete);
    }

    public static ArtifactEvent saved(
            Capability capability,
            String artifact,
            Map<String, Object> location,
            Uploads.Completed completed,
            Instant now) {
        return new ArtifactEvent(
                ArtifactEvent.Type.SAVED,
                workflow(capability),
                capability.node(),
                artifact,
                now,
                JSON.valueToTree(location),
                completed.sizeBytes(),
                completed.crc64() == null ? null : "crc64:" + completed.crc64(),
                null);
    }

    private static WorkflowRef workflow(Capability capability) {
        return new WorkflowRef(capability.namespace(), capability.workflow(), capability.workflowUid());
    }

    /** Argo's {@code Outputs}: only what there is. */
    private static @Nullable JsonNode outputs(Capability capability, TaskReport report) {
        if (!report.complete()) {
            return null;
        }
        ObjectNode outputs = JSON.createObjectNode();
        if (!report.parameters().isEmpty()) {
            var parameters = outputs.putArray("parameters");
            report.parameters()
                    .forEach(p -> parameters.addObject().put("name", p.name()).put("value", p.value()));
        }
        if (!report.artifacts().isEmpty()) {
            var artifacts = outputs.putArray("artifacts");
            report.artifacts().forEach(saved -> {
                var artifact = artifacts.addObject().put("name", saved.name());
                var location = capability.write().get(saved.name());
                if (location != null) {
                    artifact.setAll((ObjectNode) JSON.valueToTree(location));
                }
            });
        }
        if (report.result() != null) {
            outputs.put("result", report.result());
        }
        if (report.exitCode() != null) {
            outputs.put("exitCode", Integer.toString(report.exitCode()));
        }
        return outputs.isEmpty() ? null : outputs;
    }
}
