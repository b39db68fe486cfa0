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

/** The suspend nodes of a workflow that wait and that a selector names. */
record SuspendNodes(List<JsonNode> nodes) {
    private static final Set<String> WAITING = Set.of("", "Pending", "Running");

    SuspendNodes {
        nodes = List.copyOf(nodes);
    }

    static boolean mayBeOne(String id, JsonNode node) {
        return node.path("type").asText().equals("Suspend");
    }

    /**
     * Finds them in a workflow with its nodes, or those that {@link #mayBeOne}.
     *
     * @throws ApiException if there is none, in Argo's words
     */
    static SuspendNodes require(WorkflowTree workflow, String nodeFieldSelector) {
        NodeFieldSelector selector = Reruns.selector(nodeFieldSelector);
        List<JsonNode> nodes = StreamSupport.stream(workflow.nodes().spliterator(), false)
                .filter(node -> node.path("type").asText().equals("Suspend"))
                .filter(node -> WAITING.contains(node.path("phase").asText("")))
                .filter(node -> selector.matches(field -> field(node, field)))
                .toList();
        if (nodes.isEmpty()) {
            throw new ApiException(
                    Code.INTERNAL,
                    "currently, set only targets suspend nodes: no suspend nodes matching nodeFieldSelector: "
                            + nodeFieldSelector);
        }
        return new SuspendNodes(nodes);
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
                if (parameter.path("valueFrom").path("supplied").isMissingNode()) {
                    throw new ApiException(
                            Code.INTERNAL,
                            "cannot set output parameter '" + name
                                    + "' because it does not use valueFrom.raw or it was already set");
                }
            }
        }
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
