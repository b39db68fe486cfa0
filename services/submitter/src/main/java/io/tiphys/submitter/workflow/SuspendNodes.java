package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Suspend nodes of a workflow that wait: all of them, or those that a selector names. */
record SuspendNodes(List<JsonNode> nodes) {
    private static final Set<String> WAITING = Set.of("", "Pending", "Running");

    SuspendNodes {
        nodes = List.copyOf(nodes);
    }

    static boolean mayBeOne(String id, JsonNode node) {
        return node.path("type").asText().equals("Suspend");
    }

    /** All of a workflow with its nodes, or those that {@link #mayBeOne}. */
    static SuspendNodes waiting(WorkflowTree workflow) {
        return new SuspendNodes(StreamSupport.stream(workflow.nodes().spliterator(), false)
                .filter(node -> node.path("type").asText().equals("Suspend"))
                .filter(node -> WAITING.contains(node.path("phase").asText("")))
                .toList());
    }

    SuspendNodes matching(String nodeFieldSelector) {
        NodeFieldSelector selector = Reruns.selector(nodeFieldSelector);
        return new SuspendNodes(nodes.stream()
                .filter(node -> selector.matches(field -> field(node, field)))
                .toList());
    }

    /**
     * Those that the selector names.
     *
     * @throws ApiException if there is none, in Argo's words
     */
    SuspendNodes require(String nodeFieldSelector) {
        SuspendNodes matching = matching(nodeFieldSelector);
        if (matching.nodes.isEmpty()) {
            throw new ApiException(
                    Code.INTERNAL,
                    "currently, set only targets suspend nodes: no suspend nodes matching nodeFieldSelector: "
                            + nodeFieldSelector);
        }
        return matching;
    }

    /** Refuses to let nodes go on whose outputs nobody has supplied, in Argo's words. */
    void requireToHaveOutputs() {
        for (JsonNode node : nodes) {
            for (JsonNode parameter : node.path("outputs").path("parameters")) {
                if (isSupplied(parameter) && !parameter.path("valueFrom").hasNonNull("default")) {
                    throw new ApiException(
                            Code.INTERNAL,
                            "raw output parameter '" + parameter.path("name").asText()
                                    + "' has not been set and does not have a default value");
                }
            }
        }
    }

    /** Whether one waits for a value of one of these outputs. */
    boolean expectAnyOf(Set<String> outputParameters) {
        return nodes.stream()
                .flatMap(node -> StreamSupport.stream(
                        node.path("outputs").path("parameters").spliterator(), false))
                .anyMatch(parameter -> isSupplied(parameter)
                        && outputParameters.contains(parameter.path("name").asText()));
    }

    /** Refuses values for outputs that a node hasn't, or that were supplied before. */
    void requireToExpect(Map<String, String> outputParameters) {
        for (JsonNode node : nodes) {
            if (!outputParameters.isEmpty() && !node.path("outputs").isObject()) {
                throw new ApiException(
                        Code.INTERNAL, "cannot set output parameters because node is not expecting any raw parameters");
            }
            for (String name : outputParameters.keySet()) {
                JsonNode parameter = parameter(node, name);
                if (parameter == null) {
                    throw new ApiException(Code.INTERNAL, "node is not expecting output parameter '" + name + "'");
                }
                if (!isSupplied(parameter)) {
                    throw new ApiException(
                            Code.INTERNAL,
                            "cannot set output parameter '" + name
                                    + "' because it does not use valueFrom.raw or it was already set");
                }
            }
        }
    }

    private static boolean isSupplied(JsonNode parameter) {
        return parameter.path("valueFrom").has("supplied");
    }

    private static @Nullable JsonNode parameter(JsonNode node, String name) {
        for (JsonNode parameter : node.path("outputs").path("parameters")) {
            if (parameter.path("name").asText().equals(name)) {
                return parameter;
            }
        }
        return null;
    }

    private static @Nullable String field(JsonNode node, String field) {
        return switch (field) {
            case "displayName", "name", "id", "phase" -> node.path(field).asText("");
            case "templateName" ->
                node.path("templateRef")
                        .path("template")
                        .asText(node.path("templateName").asText(""));
            case "templateRef.name", "templateRef.template" ->
                node.path("templateRef")
                        .path(field.substring("templateRef.".length()))
                        .asText("");
            default -> input(node, field);
        };
    }

    private static @Nullable String input(JsonNode node, String field) {
        for (JsonNode parameter : node.path("inputs").path("parameters")) {
            String name = "inputs.parameters." + parameter.path("name").asText() + ".value";
            if (name.equals(field)) {
                return parameter.path("value").asText("");
            }
        }
        return null;
    }
}
