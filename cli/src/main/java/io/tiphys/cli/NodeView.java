package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The JSON of a node of a workflow, read as far as it is shown. */
record NodeView(JsonNode json) {

    String id() {
        return json.path("id").asText("");
    }

    String name() {
        return json.path("name").asText("");
    }

    String displayName() {
        return json.path("displayName").asText(name());
    }

    String type() {
        return json.path("type").asText("");
    }

    String boundary() {
        return json.path("boundaryID").asText("");
    }

    Phase phase() {
        return Phase.of(json.path("phase").asText(""));
    }

    String message() {
        return json.path("message").asText("");
    }

    String startedAt() {
        return json.path("startedAt").asText("");
    }

    String duration(Instant now) {
        boolean ran = phase() != Phase.SKIPPED && phase() != Phase.OMITTED;
        return ran ? Times.span(startedAt(), json.path("finishedAt").asText(""), now) : "";
    }

    String template() {
        JsonNode reference = json.path("templateRef");
        return reference.isMissingNode()
                ? json.path("templateName").asText("")
                : reference.path("name").asText() + "/"
                        + reference.path("template").asText();
    }

    boolean isPod() {
        return type().equals("Pod");
    }

    List<String> children() {
        List<String> children = new ArrayList<>();
        json.path("children").forEach(child -> children.add(child.asText()));
        return children;
    }

    JsonNode outputArtifacts() {
        return json.path("outputs").path("artifacts");
    }

    /** Argo's name of the node's pod: the workflow's and the template's name, and the hash that ends the node's id. */
    String podName(String workflow) {
        if (!isPod()) {
            return "";
        }
        if (id().equals(workflow) || !id().startsWith(workflow + "-")) {
            return id();
        }
        String template = json.path("templateRef")
                .path("template")
                .asText(json.path("templateName").asText(""));
        String prefix = template.isEmpty() ? workflow : workflow + "-" + template;
        String limited = prefix.length() > MAX_PREFIX ? prefix.substring(0, MAX_PREFIX) : prefix;
        return limited + id().substring(workflow.length());
    }

    private static final int MAX_PREFIX = 242;
}
