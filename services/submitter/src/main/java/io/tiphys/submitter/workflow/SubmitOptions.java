package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.rest.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Argo's {@code SubmitOpts}: what a caller may change in a workflow at the moment of submitting it. */
final class SubmitOptions {
    private SubmitOptions() {}

    static void apply(ObjectNode workflow, JsonNode options) {
        ObjectNode metadata = Submissions.child(workflow, "metadata");
        ObjectNode spec = Submissions.child(workflow, "spec");
        text(options, "entryPoint", value -> spec.put("entrypoint", value));
        text(options, "entrypoint", value -> spec.put("entrypoint", value));
        text(options, "serviceAccount", value -> spec.put("serviceAccountName", value));
        text(options, "podPriorityClassName", value -> spec.put("podPriorityClassName", value));
        if (options.hasNonNull("priority")) {
            spec.put("priority", options.path("priority").asInt());
        }
        pairs(options, "labels", Submissions.child(metadata, "labels")::put);
        pairs(options, "annotations", Submissions.child(metadata, "annotations")::put);
        overrideParameters(workflow, texts(options, "parameters"));
        overrideArtifacts(workflow, texts(options, "artifacts"));
        text(options, "generateName", value -> metadata.put("generateName", value));
        text(options, "name", value -> {
            metadata.put("name", value);
            metadata.remove("generateName");
        });
        if (options.path("ownerReference") instanceof ObjectNode owner) {
            array(metadata, "ownerReferences").add(owner);
        }
    }

    /** Argo's order: the given ones first, then those of the workflow that were not overridden. */
    static void overrideParameters(ObjectNode workflow, List<String> parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        Map<String, ObjectNode> merged = new LinkedHashMap<>();
        for (String parameter : parameters) {
            String[] pair = pair("parameters", parameter);
            ObjectNode value = JsonNodeFactory.instance.objectNode().put("name", pair[0]);
            merged.put(pair[0], value.put("value", pair[1]));
        }
        ObjectNode arguments = Submissions.child(Submissions.child(workflow, "spec"), "arguments");
        for (JsonNode present : arguments.path("parameters")) {
            if (present instanceof ObjectNode parameter) {
                merged.putIfAbsent(parameter.path("name").asText(), parameter);
            }
        }
        arguments.putArray("parameters").addAll(merged.values());
    }

    /** {@code name=key}: the artifact keeps its place and is read from another key. */
    private static void overrideArtifacts(ObjectNode workflow, List<String> artifacts) {
        for (String override : artifacts) {
            String[] pair = pair("artifacts", override);
            ObjectNode arguments = Submissions.child(Submissions.child(workflow, "spec"), "arguments");
            ObjectNode artifact = named(array(arguments, "artifacts"), pair[0]);
            ObjectNode location = null;
            for (String store : List.of("s3", "oss", "gcs", "azure", "hdfs", "artifactory")) {
                if (artifact.path(store) instanceof ObjectNode present) {
                    location = present;
                }
            }
            (location == null ? artifact.putObject("oss") : location).put("key", pair[1]);
        }
    }

    private static ObjectNode named(ArrayNode artifacts, String name) {
        for (JsonNode artifact : artifacts) {
            if (artifact instanceof ObjectNode object
                    && object.path("name").asText().equals(name)) {
                return object;
            }
        }
        return artifacts.addObject().put("name", name);
    }

    private static void pairs(JsonNode options, String field, BiConsumer<String, String> consumer) {
        for (String pair : options.path(field).asText("").split(",", -1)) {
            if (!pair.isBlank()) {
                String[] parts = pair(field, pair.strip());
                consumer.accept(parts[0], parts[1]);
            }
        }
    }

    private static String[] pair(String field, String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw ApiException.invalid(
                    "submitOptions." + field + ": expected the form NAME=VALUE, got \"" + text + "\"");
        }
        return new String[] {text.substring(0, equals), text.substring(equals + 1)};
    }

    private static List<String> texts(JsonNode options, String field) {
        List<String> texts = new ArrayList<>();
        options.path(field).forEach(value -> texts.add(value.asText()));
        return texts;
    }

    private static void text(JsonNode options, String field, java.util.function.Consumer<String> consumer) {
        String value = options.path(field).asText("");
        if (!value.isEmpty()) {
            consumer.accept(value);
        }
    }

    private static ArrayNode array(ObjectNode parent, String field) {
        return parent.get(field) instanceof ArrayNode present ? present : parent.putArray(field);
    }
}
