package io.tiphys.expression.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** The part of GJSON's paths that a condition can spell: members and list indices between dots. */
final class Paths {
    private Paths() {}

    static JsonNode at(JsonNode object, String path) {
        JsonNode at = object;
        for (String part : path.split("\\.", -1)) {
            at = switch (at.getNodeType()) {
                case OBJECT -> at.path(part);
                case ARRAY -> part.matches("[0-9]{1,9}") ? at.path(Integer.parseInt(part)) : MissingNode.getInstance();
                default -> MissingNode.getInstance();
            };
        }
        return at;
    }

    /** Null is the empty text, objects and lists are their JSON. */
    static String text(JsonNode value) {
        return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }
}
