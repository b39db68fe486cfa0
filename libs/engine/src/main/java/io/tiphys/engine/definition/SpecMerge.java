package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays one spec over another: objects field by field, lists of named things by name, everything else as a whole. So a
 * workflow over the template that it instantiates, and a template over {@code templateDefaults}.
 */
final class SpecMerge {
    private static final Set<String> TYPES = Set.of(
            "container", "script", "containerSet", "steps", "dag", "resource", "suspend", "http", "data", "plugin");

    private SpecMerge() {}

    static WorkflowSpec over(WorkflowSpec base, WorkflowSpec top) {
        ObjectNode merged = tree(base);
        lay(merged, tree(top));
        return read(merged, WorkflowSpec.class);
    }

    /** Defaults of a type that the template isn't don't count. */
    static Template over(Template defaults, Template top) {
        ObjectNode below = tree(defaults);
        ObjectNode above = tree(top);
        for (String type : TYPES) {
            if (!above.has(type)) {
                below.remove(type);
            }
        }
        below.remove("name");
        lay(below, above);
        return read(below, Template.class);
    }

    private static void lay(ObjectNode base, ObjectNode top) {
        for (Map.Entry<String, JsonNode> field : top.properties()) {
            JsonNode below = base.get(field.getKey());
            JsonNode above = field.getValue();
            if (below instanceof ObjectNode belowObject && above instanceof ObjectNode aboveObject) {
                lay(belowObject, aboveObject);
            } else if (below instanceof ArrayNode belowArray
                    && above instanceof ArrayNode aboveArray
                    && isNamed(belowArray)
                    && isNamed(aboveArray)) {
                base.set(field.getKey(), byName(belowArray, aboveArray));
            } else {
                base.set(field.getKey(), above);
            }
        }
    }

    private static boolean isNamed(ArrayNode array) {
        for (JsonNode element : array) {
            if (!element.path("name").isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static ArrayNode byName(ArrayNode base, ArrayNode top) {
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        for (JsonNode element : base) {
            merged.put(element.path("name").asText(), element);
        }
        for (JsonNode element : top) {
            merged.put(element.path("name").asText(), element);
        }
        ArrayNode result = ApiJson.mapper().createArrayNode();
        merged.values().forEach(result::add);
        return result;
    }

    private static ObjectNode tree(@Nullable Object value) {
        return ApiJson.mapper().valueToTree(value);
    }

    private static <T> T read(ObjectNode tree, Class<T> type) {
        try {
            return ApiJson.mapper().treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("merged " + type.getSimpleName() + " is not readable", e);
        }
    }
}
