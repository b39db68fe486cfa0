package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Workflow as a JSON tree, with names for the places that the API looks at. */
public record WorkflowTree(ObjectNode json) {

    public String name() {
        return metadata("name");
    }

    public String namespace() {
        return metadata("namespace");
    }

    public String uid() {
        return metadata("uid");
    }

    public String resourceVersion() {
        return metadata("resourceVersion");
    }

    public WorkflowRef ref() {
        return new WorkflowRef(namespace(), name(), uid());
    }

    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        json.path("metadata")
                .path("labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return labels;
    }

    /** Argo's phase; empty while nobody has taken the workflow up. */
    public String phase() {
        return json.path("status").path("phase").asText("");
    }

    public boolean isCompleted() {
        return switch (phase()) {
            case "Succeeded", "Failed", "Error" -> true;
            default -> false;
        };
    }

    public boolean isSuspended() {
        return json.path("spec").path("suspend").asBoolean(false);
    }

    public @Nullable Instant created() {
        return time(json.path("metadata").path("creationTimestamp"));
    }

    public @Nullable Instant started() {
        return time(json.path("status").path("startedAt"));
    }

    public @Nullable Instant finished() {
        return time(json.path("status").path("finishedAt"));
    }

    public JsonNode nodes() {
        return json.path("status").path("nodes");
    }

    private String metadata(String field) {
        return json.path("metadata").path(field).asText("");
    }

    private static @Nullable Instant time(JsonNode value) {
        String text = value.asText("");
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
