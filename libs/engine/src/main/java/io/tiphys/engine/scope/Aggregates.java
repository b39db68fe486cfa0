package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Outputs of all items of a loop, as JSON lists in the items' order; items that didn't succeed are left out. */
record Aggregates(String result, String parameters, Map<String, String> byName) {

    static Aggregates of(List<Node> items) {
        ArrayNode results = ApiJson.mapper().createArrayNode();
        ArrayNode parameters = ApiJson.mapper().createArrayNode();
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Node item : items) {
            Outputs outputs = item.outputs();
            if (outputs == null || item.phase() != NodePhase.SUCCEEDED) {
                continue;
            }
            if (!outputs.parameters().isEmpty()) {
                ObjectNode object = parameters.addObject();
                for (Parameter parameter : outputs.parameters()) {
                    String value = parameter.value() == null ? "" : parameter.value();
                    object.put(parameter.name(), value);
                    values.computeIfAbsent(parameter.name(), _ -> new ArrayList<>())
                            .add(value);
                }
            }
            if (outputs.result() != null) {
                JsonNode parsed = parse(outputs.result());
                if (parsed == null || parsed.isMissingNode()) {
                    results.add(outputs.result());
                } else {
                    results.add(parsed);
                }
            }
        }
        Map<String, String> byName = new LinkedHashMap<>();
        values.forEach((name, list) -> byName.put(name, listOf(list)));
        return new Aggregates(json(results), json(parameters), byName);
    }

    @Nullable
    String parameter(String name) {
        return byName.get(name);
    }

    /** Argo: values that are all lists or objects are embedded as such, otherwise all are strings. */
    private static String listOf(List<String> values) {
        ArrayNode embedded = ApiJson.mapper().createArrayNode();
        ArrayNode strings = ApiJson.mapper().createArrayNode();
        boolean all = true;
        for (String value : values) {
            strings.add(value);
            JsonNode parsed = all ? parse(value) : null;
            all = all && parsed != null && parsed.isContainerNode();
            if (parsed != null) {
                embedded.add(parsed);
            }
        }
        return json(all ? embedded : strings);
    }

    private static @Nullable JsonNode parse(String text) {
        if (text.isBlank() || !couldBeJson(text.strip())) {
            return null; // most results are words: don't let a parser throw for each
        }
        try {
            return ApiJson.mapper()
                    .reader()
                    .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static boolean couldBeJson(String text) {
        char c = text.charAt(0);
        return c == '{'
                || c == '['
                || c == '"'
                || c == '-'
                || Character.isDigit(c)
                || text.equals("true")
                || text.equals("false")
                || text.equals("null");
    }

    private static String json(JsonNode node) {
        try {
            return ApiJson.mapper().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
