package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of a workflow, read as far as it is shown. */
record WorkflowView(JsonNode json) {

    String name() {
        return json.path("metadata").path("name").asText("");
    }

    String namespace() {
        return json.path("metadata").path("namespace").asText("");
    }

    String uid() {
        return json.path("metadata").path("uid").asText("");
    }

    String created() {
        return json.path("metadata").path("creationTimestamp").asText("");
    }

    private JsonNode status() {
        return json.path("status");
    }

    Phase phase() {
        return Phase.of(status().path("phase").asText(""));
    }

    String message() {
        return status().path("message").asText("");
    }

    String progress() {
        return status().path("progress").asText("");
    }

    String startedAt() {
        return status().path("startedAt").asText("");
    }

    String finishedAt() {
        return status().path("finishedAt").asText("");
    }

    /** The final phase is written before the exit handler has run, but not the time. */
    boolean isDone() {
        return phase().isFinal() && Times.parse(finishedAt()).isPresent();
    }

    boolean isSuspended() {
        return json.path("spec").path("suspend").asBoolean(false);
    }

    String duration(Instant now) {
        return Times.span(startedAt(), finishedAt(), now);
    }

    JsonNode outputParameters() {
        return status().path("outputs").path("parameters");
    }

    JsonNode parameters() {
        return json.path("spec").path("arguments").path("parameters");
    }

    /** By id; what isn't a node (its id isn't its key) is left out, so that the tree below an id never holds itself. */
    Map<String, NodeView> nodes() {
        Map<String, NodeView> nodes = new LinkedHashMap<>();
        status().path("nodes").properties().forEach(entry -> {
            NodeView node = new NodeView(entry.getValue());
            if (!entry.getKey().isEmpty() && node.id().equals(entry.getKey())) {
                nodes.put(entry.getKey(), node);
            }
        });
        return nodes;
    }
}
