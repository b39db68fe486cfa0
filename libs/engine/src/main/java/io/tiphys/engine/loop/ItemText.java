package io.tiphys.engine.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.expression.GoJson;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What an item of a loop is as text. Argo keeps items as the JSON that they were written as, and that shows (Argo: item.go): within maps and
 * lists, and in names of nodes, a text has the escapes that it has in JSON.
 */
public final class ItemText {
    private ItemText() {}

    /** The item as {@code {{item}}} shows it: scalars raw, maps in the order of their keys and lists as Go writes JSON. */
    public static String of(JsonNode item) {
        if (item.isValueNode()) {
            return item.asText();
        }
        JsonNode shown = item;
        if (item.isObject()) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            item.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
            ObjectNode inOrder = ApiJson.mapper().createObjectNode();
            sorted.forEach(inOrder::set);
            shown = inOrder;
        }
        return json(shown).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    /** A value of a map as {@code {{item.key}}} shows it. */
    public static String ofValue(JsonNode value) {
        if (value.isTextual()) {
            String quoted = GoJson.unescaped(value.textValue());
            return quoted.substring(1, quoted.length() - 1);
        }
        return value.isValueNode() ? value.asText() : json(value);
    }

    /** The item as it stands in a node's name: {@code key:value} pairs in order for a map; never with parentheses. */
    static String inName(JsonNode item) {
        String text = shown(item);
        return text.indexOf('(') < 0 && text.indexOf(')') < 0
                ? text
                : text.replace("(", "").replace(")", "");
    }

    private static String shown(JsonNode item) {
        if (item.isObject()) {
            List<String> pairs = new ArrayList<>();
            item.properties().forEach(field -> pairs.add(field.getKey() + ":" + ofValue(field.getValue())));
            pairs.sort(null);
            return String.join(",", pairs);
        }
        if (item.isArray()) {
            List<String> elements = new ArrayList<>();
            item.forEach(element -> elements.add(ofValue(element)));
            return "[" + String.join(" ", elements) + "]"; // a list is printed as Go prints a slice
        }
        return item.isNull() ? "[]" : ofValue(item); // to Go, nothing is an empty list
    }

    private static String json(JsonNode node) {
        try {
            return ApiJson.mapper().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
