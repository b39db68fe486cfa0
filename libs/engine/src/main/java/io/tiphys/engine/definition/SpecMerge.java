package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays one spec over another, as Argo does with a strategic merge: objects field by field, lists that have a key by that
 * key, everything else as a whole. So a workflow over the template that it instantiates, and a template over {@code
 * templateDefaults}.
 */
public final class SpecMerge {
    private static final Set<String> TYPES = Set.of(
            "container", "script", "containerSet", "steps", "dag", "resource", "suspend", "http", "data", "plugin");

    /** The field that tells the elements of a list apart, by the list's name; other lists are one value. */
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("templates", "name"),
            Map.entry("volumes", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("parameters", "name"),
            Map.entry("artifacts", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("sidecars", "name"),
            Map.entry("tasks", "name"),
            Map.entry("env", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("tolerations", "key"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("ports", "containerPort"));

    private static final Set<String> LOCATIONS =
            Set.of("s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin");

    private static final List<String> VALUES = List.of("value", "default", "valueFrom");

    /** What the trees that are laid over each other are: arguments of a spec have rules of their own. */
    private enum Level {
        SPEC,
        ARGUMENTS,
        OTHER
    }

    private SpecMerge() {}

    /** The top tree with what it leaves out taken from the base; both stay as they are. */
    public static ObjectNode over(ObjectNode base, ObjectNode top) {
        ObjectNode merged = base.deepCopy();
        lay(merged, top, Level.SPEC);
        return merged;
    }

    /** Argo: a hook or label of the workflow counts as a whole, and nobody is suspended by a template. */
    public static WorkflowSpec over(WorkflowSpec base, WorkflowSpec top) {
        ObjectNode merged = tree(base);
        ObjectNode above = tree(top);
        merged.remove("suspend");
        dropWhatIsIn(above.path("hooks"), merged.path("hooks"));
        dropWhatIsIn(
                above.path("workflowMetadata").path("labelsFrom"),
                merged.path("workflowMetadata").path("labelsFrom"));
        lay(merged, above, Level.SPEC);
        return read(merged, WorkflowSpec.class);
    }

    private static void dropWhatIsIn(JsonNode above, JsonNode below) {
        if (below instanceof ObjectNode object) {
            above.fieldNames().forEachRemaining(object::remove);
        }
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
        lay(below, above, Level.OTHER);
        return read(below, Template.class);
    }

    private static void lay(ObjectNode base, ObjectNode top, Level level) {
        for (Map.Entry<String, JsonNode> field : top.properties()) {
            String name = field.getKey();
            JsonNode below = base.get(name);
            JsonNode above = field.getValue();
            if (below instanceof ObjectNode belowObject && above instanceof ObjectNode aboveObject) {
                boolean isArguments = level == Level.SPEC && name.equals("arguments");
                lay(belowObject, aboveObject, isArguments ? Level.ARGUMENTS : Level.OTHER);
            } else if (below instanceof ArrayNode belowArray
                    && above instanceof ArrayNode aboveArray
                    && KEYS.containsKey(name)) {
                base.set(name, byKey(name, belowArray, aboveArray, level));
            } else {
                base.set(name, above);
            }
        }
    }

    /** Those of the top in their order, and those that only the base has where they stand before the next of both. */
    private static ArrayNode byKey(String list, ArrayNode base, ArrayNode top, Level level) {
        String key = KEYS.getOrDefault(list, "name");
        List<JsonNode> left = new ArrayList<>();
        base.forEach(below -> {
            if (find(top, key, below.path(key)) < 0) {
                left.add(below);
            }
        });
        ArrayNode result = base.arrayNode();
        int next = 0;
        for (JsonNode above : top) {
            int at = find(base, key, above.path(key));
            while (next < left.size() && at > find(base, key, left.get(next).path(key))) {
                result.add(left.get(next++));
            }
            result.add(at < 0 ? above : element(list, base.get(at).deepCopy(), above, level));
        }
        left.subList(next, left.size()).forEach(result::add);
        return result;
    }

    private static int find(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (value.isValueNode() && value.equals(list.get(i).path(key))) {
                return i;
            }
        }
        return -1;
    }

    private static JsonNode element(String list, JsonNode below, JsonNode above, Level level) {
        if (!(below instanceof ObjectNode belowObject) || !(above instanceof ObjectNode aboveObject)) {
            return above;
        }
        if (level == Level.ARGUMENTS
                && list.equals("parameters")
                && VALUES.stream().anyMatch(above::has)) {
            return above;
        }
        if (level == Level.ARGUMENTS && list.equals("artifacts")) {
            return artifact(belowObject, aboveObject);
        }
        lay(belowObject, aboveObject, Level.OTHER);
        return belowObject;
    }

    /** A location of the same kind is completed; one of another kind replaces what was there. */
    private static ObjectNode artifact(ObjectNode below, ObjectNode above) {
        for (String location : LOCATIONS) {
            if (below.get(location) instanceof ObjectNode under && above.get(location) instanceof ObjectNode over) {
                ObjectNode merged = under.deepCopy();
                lay(merged, over, Level.OTHER);
                above.set(location, merged);
            }
        }
        return above;
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
