package io.tiphys.archive.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.LargeSpec;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as it is kept.
 *
 * @param specHash of the whole spec where it is kept outside of the object
 * @param summary what lists show of it, as JSON: a Workflow with metadata and a little of spec and status
 * @param manifest the whole object without nodes, as JSON
 */
public record FinishedWorkflow(
        String uid,
        String namespace,
        String name,
        String phase,
        @Nullable OffsetDateTime created,
        @Nullable OffsetDateTime started,
        @Nullable OffsetDateTime finished,
        Map<String, String> labels,
        @Nullable String specHash,
        String summary,
        String manifest) {

    private static final List<String> METADATA =
            List.of("name", "generateName", "namespace", "uid", "creationTimestamp", "labels", "annotations");
    private static final List<String> SPEC = List.of("entrypoint", "priority", "suspend", "workflowTemplateRef");
    private static final List<String> STATUS = List.of(
            "phase",
            "startedAt",
            "finishedAt",
            "message",
            "progress",
            "estimatedDuration",
            "resourcesDuration",
            "conditions");

    public FinishedWorkflow {
        labels = Map.copyOf(labels);
    }

    /**
     * Reads what is needed from a Workflow; nodes in it are left out. The labels that repeat the status say what the status says,
     * whatever they said when the event was made.
     */
    public static FinishedWorkflow of(String uid, String namespace, String name, JsonNode original) {
        ObjectNode workflow = original.deepCopy();
        String phase = workflow.path("status").path("phase").asText("");
        workflow.withObject("/metadata/labels")
                .put("workflows.argoproj.io/phase", phase)
                .put("workflows.argoproj.io/completed", "true");
        JsonNode metadata = workflow.path("metadata");
        JsonNode status = workflow.path("status");
        Map<String, String> labels = new LinkedHashMap<>();
        metadata.path("labels").properties().forEach(e -> labels.put(e.getKey(), text(e.getValue())));
        return new FinishedWorkflow(
                uid,
                namespace,
                name,
                text(status.path("phase")),
                time(metadata.path("creationTimestamp")),
                time(status.path("startedAt")),
                time(status.path("finishedAt")),
                labels,
                LargeSpec.hash(workflow).orElse(null),
                summary(workflow),
                withoutNodes(workflow));
    }

    private static String summary(JsonNode workflow) {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        summary.put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Workflow");
        pick(workflow, summary, "metadata", METADATA);
        pick(workflow, summary, "spec", SPEC);
        pick(workflow, summary, "status", STATUS);
        JsonNode parameters = workflow.path("spec").path("arguments").path("parameters");
        if (!parameters.isEmpty()) {
            summary.withObject("/spec").putObject("arguments").set("parameters", parameters);
        }
        return summary.toString();
    }

    private static void pick(JsonNode from, ObjectNode to, String part, List<String> fields) {
        ObjectNode picked = to.putObject(part);
        for (String field : fields) {
            JsonNode value = from.path(part).get(field);
            if (value != null) {
                picked.set(field, value);
            }
        }
    }

    private static String withoutNodes(JsonNode workflow) {
        ObjectNode kept = workflow.deepCopy();
        if (kept.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        if (kept.get("status") instanceof ObjectNode status) {
            status.remove("nodes");
            status.remove("compressedNodes");
            status.remove("offloadNodeStatusVersion");
        }
        return kept.toString();
    }

    /** Postgres keeps no NUL in text. */
    private static String text(JsonNode value) {
        return value.asText("").replace("\0", "");
    }

    private static @Nullable OffsetDateTime time(JsonNode value) {
        String text = value.asText("");
        try {
            return text.isEmpty() ? null : Instant.parse(text).atOffset(ZoneOffset.UTC);
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
