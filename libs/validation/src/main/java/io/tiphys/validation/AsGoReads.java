package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.shape.Shape;

/**
 * A tree as a Go program has it after reading it into its types: unknown fields are gone, and {@code null} in a list or map of objects is
 * an empty object. Gives the same tree where there is nothing of the kind.
 */
@SuppressWarnings("ReferenceEquality") // the very same tree says that nothing had to be changed
final class AsGoReads {
    private AsGoReads() {}

    static JsonNode tree(JsonNode node, Shape shape) {
        return switch (shape) {
            case Shape.ObjectOf object when node.isObject() -> object(node, object);
            case Shape.MapOf map when node.isObject() -> map(node, map.value());
            case Shape.ListOf list when node.isArray() -> list(node, list.item());
            default -> node;
        };
    }

    private static JsonNode object(JsonNode node, Shape.ObjectOf shape) {
        var fields = shape.fields();
        ObjectNode changed = null;
        for (var entry : node.properties()) {
            Shape field = fields.get(entry.getKey());
            JsonNode read = field == null ? null : tree(entry.getValue(), field);
            if (read != entry.getValue()) {
                changed = changed == null ? ((ObjectNode) node).objectNode().setAll((ObjectNode) node) : changed;
                if (read == null) {
                    changed.remove(entry.getKey());
                } else {
                    changed.set(entry.getKey(), read);
                }
            }
        }
        return changed == null ? node : changed;
    }

    private static JsonNode map(JsonNode node, Shape value) {
        ObjectNode changed = null;
        for (var entry : node.properties()) {
            JsonNode read = element(entry.getValue(), value);
            if (read != entry.getValue()) {
                changed = changed == null ? ((ObjectNode) node).objectNode().setAll((ObjectNode) node) : changed;
                changed.set(entry.getKey(), read);
            }
        }
        return changed == null ? node : changed;
    }

    private static JsonNode list(JsonNode node, Shape item) {
        ArrayNode changed = null;
        for (int i = 0; i < node.size(); i++) {
            JsonNode read = element(node.get(i), item);
            if (read != node.get(i)) {
                changed = changed == null ? ((ArrayNode) node).arrayNode().addAll((ArrayNode) node) : changed;
                changed.set(i, read);
            }
        }
        return changed == null ? node : changed;
    }

    private static JsonNode element(JsonNode node, Shape shape) {
        return node.isNull() && shape instanceof Shape.ObjectOf
                ? JsonNodeFactory.instance.objectNode()
                : tree(node, shape);
    }
}
