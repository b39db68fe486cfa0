package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes an object new again: without what a server once wrote on it. */
final class Cleansing {
    private static final List<String> SERVERS = List.of(
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "deletionTimestamp",
            "generation",
            "selfLink",
            "managedFields",
            "ownerReferences",
            "finalizers");
    private static final List<String> LABELS =
            List.of("workflows.argoproj.io/phase", "workflows.argoproj.io/completed");

    private Cleansing() {}

    static ObjectNode fresh(Manifest manifest, String nameIfNone) {
        ObjectNode object = manifest.tree().deepCopy() instanceof ObjectNode tree
                ? tree
                : com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        object.remove("status");
        ObjectNode metadata =
                object.path("metadata") instanceof ObjectNode found ? found : object.putObject("metadata");
        metadata.remove(SERVERS);
        if (metadata.path("labels") instanceof ObjectNode labels) {
            labels.remove(LABELS);
        }
        if (metadata.path("name").asText("").isEmpty()
                && metadata.path("generateName").asText("").isEmpty()) {
            metadata.put("generateName", nameIfNone + "-");
        }
        if (object.path("kind").asText("").equals("Workflow")) {
            // a name that no server takes is no reason not to run what it names
            for (String field : List.of("name", "generateName")) {
                if (metadata.hasNonNull(field)) {
                    metadata.put(
                            field,
                            metadata.path(field)
                                    .asText()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'));
                }
            }
        }
        return object;
    }

    /** Gives a workflow's arguments other values. */
    static void setParameters(ObjectNode workflow, Map<String, String> values) {
        ObjectNode spec = workflow.path("spec") instanceof ObjectNode found ? found : workflow.putObject("spec");
        ObjectNode arguments = spec.path("arguments") instanceof ObjectNode found ? found : spec.putObject("arguments");
        var parameters = arguments.path("parameters") instanceof com.fasterxml.jackson.databind.node.ArrayNode found
                ? found
                : arguments.putArray("parameters");
        values.forEach((name, value) -> {
            ObjectNode parameter = null;
            for (JsonNode each : parameters) {
                if (each.path("name").asText("").equals(name) && each instanceof ObjectNode found) {
                    parameter = found;
                }
            }
            (parameter == null ? parameters.addObject().put("name", name) : parameter)
                    .put("value", value)
                    .remove("valueFrom");
        });
    }
}
