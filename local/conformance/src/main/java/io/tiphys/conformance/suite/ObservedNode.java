package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A node as the status shows it.
 *
 * @param inputs parameters by name
 * @param outputs parameters by name; {@code result} and {@code exitCode} as well, under these names in brackets
 */
public record ObservedNode(
        String id,
        String name,
        String displayName,
        String type,
        String phase,
        String message,
        Map<String, String> inputs,
        Map<String, String> outputs) {
    public ObservedNode {
        inputs = Map.copyOf(inputs);
        outputs = Map.copyOf(outputs);
    }

    static ObservedNode of(JsonNode node) {
        Map<String, String> outputs = parameters(node.path("outputs"));
        for (String single : new String[] {"result", "exitCode"}) {
            if (node.path("outputs").hasNonNull(single)) {
                outputs.put(
                        "[" + single + "]", node.path("outputs").path(single).asText());
            }
        }
        return new ObservedNode(
                node.path("id").asText(""),
                node.path("name").asText(""),
                node.path("displayName").asText(""),
                node.path("type").asText(""),
                node.path("phase").asText(""),
                node.path("message").asText(""),
                parameters(node.path("inputs")),
                outputs);
    }

    private static Map<String, String> parameters(JsonNode values) {
        Map<String, String> parameters = new LinkedHashMap<>();
        values.path("parameters")
                .forEach(parameter -> parameters.put(
                        parameter.path("name").asText(""),
                        parameter.path("value").asText("")));
        return parameters;
    }

    public boolean isWaitingForSomebody() {
        return type.equals("Suspend") && phase.equals("Running");
    }
}
