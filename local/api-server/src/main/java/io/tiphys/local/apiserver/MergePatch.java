package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON merge patch (RFC 7396), and Kubernetes' strategic merge patch, which also merges the usual built-in lists by key
 * and knows {@code $patch}, {@code $deleteFromPrimitiveList}, {@code $retainKeys} and {@code $setElementOrder}.
 *
 * <p>Server-side apply is done as a strategic merge: fields that an applier no longer mentions stay, because nobody keeps
 * field ownership here.
 */
final class MergePatch {
    private static final Map<String, String> LIST_KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("env", "name"),
            Map.entry("volumes", "name"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("secrets", "name"),
            Map.entry("ownerReferences", "uid"),
            Map.entry("conditions", "type"),
            Map.entry("addresses", "type"),
            Map.entry("taints", "key"),
            Map.entry("hostAliases", "ip"),
            Map.entry("podIPs", "ip"),
            Map.entry("topologySpreadConstraints", "topologyKey"));
    private static final Set<String> PRIMITIVE_LISTS = Set.of("finalizers");

    private MergePatch() {}

    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        ObjectNode result = target instanceof ObjectNode object ? object : Json.object();
        changes.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                result.remove(entry.getKey());
            } else {
                JsonNode old = result.get(entry.getKey());
                result.set(entry.getKey(), merge(old == null ? Json.object() : old, value));
            }
        });
        return result;
    }

    /** Merges with list keys; the target is changed and returned. */
    static ObjectNode mergeStrategically(ObjectNode target, ObjectNode patch) {
        if ("replace".equals(Json.text(patch, "$patch"))) {
            target.removeAll();
            patch.properties().stream()
                    .filter(entry -> !entry.getKey().equals("$patch"))
                    .forEach(entry -> target.set(entry.getKey(), entry.getValue()));
            return target;
        }
        if (patch.get("$retainKeys") instanceof ArrayNode retained) {
            Set<String> keys = new HashSet<>();
            retained.forEach(key -> keys.add(key.asText()));
            target.retain(keys);
        }
        patch.properties().forEach(entry -> mergeField(target, entry.getKey(), entry.getValue()));
        return target;
    }

    private static void mergeField(ObjectNode target, String field, JsonNode value) {
        if (field.startsWith("$deleteFromPrimitiveList/") && value instanceof ArrayNode gone) {
            if (target.get(field.substring(field.indexOf('/') + 1)) instanceof ArrayNode list) {
                gone.forEach(element -> removeElement(list, element));
            }
            return;
        }
        if (field.startsWith("$")) {
            return;
        }
        switch (value) {
            case ObjectNode changes -> mergeObject(target, field, changes);
            case ArrayNode elements -> target.set(field, mergeList(field, target.get(field), elements));
            default -> {
                if (value.isNull()) {
                    target.remove(field);
                } else {
                    target.set(field, value);
                }
            }
        }
    }

    private static void mergeObject(ObjectNode target, String field, ObjectNode changes) {
        if ("delete".equals(Json.text(changes, "$patch"))) {
            target.remove(field);
            return;
        }
        target.set(field, mergeStrategically(Json.child(target, field), changes));
    }

    private static JsonNode mergeList(String field, @Nullable JsonNode old, ArrayNode elements) {
        ArrayNode current = old instanceof ArrayNode list ? list : Json.object().arrayNode();
        if (PRIMITIVE_LISTS.contains(field)) {
            elements.forEach(element -> {
                removeElement(current, element);
                current.add(element);
            });
            return current;
        }
        String key = listKey(field, current, elements);
        if (key == null || elements.valueStream().anyMatch(MergePatch::replacesList)) {
            ArrayNode replaced = Json.object().arrayNode();
            elements.valueStream().filter(element -> !replacesList(element)).forEach(replaced::add);
            return replaced;
        }
        for (JsonNode element : elements) {
            mergeElement(current, key, element);
        }
        return current;
    }

    private static boolean replacesList(JsonNode element) {
        return "replace".equals(Json.text(element, "$patch")) && element.size() == 1;
    }

    private static @Nullable String listKey(String field, ArrayNode current, ArrayNode elements) {
        if (field.equals("ports")) {
            boolean ofContainer = elements.valueStream().anyMatch(port -> port.has("containerPort"))
                    || current.valueStream().anyMatch(port -> port.has("containerPort"));
            return ofContainer ? "containerPort" : "port";
        }
        String key = LIST_KEYS.get(field);
        return key == null || elements.valueStream().anyMatch(element -> !element.has(key) && !element.has("$patch"))
                ? null
                : key;
    }

    private static void mergeElement(ArrayNode list, String key, JsonNode element) {
        int at = 0;
        while (at < list.size() && !list.get(at).path(key).equals(element.path(key))) {
            at++;
        }
        boolean found = at < list.size();
        if ("delete".equals(Json.text(element, "$patch"))) {
            if (found) {
                list.remove(at);
            }
        } else if (found && list.get(at) instanceof ObjectNode old && element instanceof ObjectNode changes) {
            mergeStrategically(old, changes);
        } else if (element instanceof ObjectNode changes) {
            list.add(mergeStrategically(Json.object(), changes));
        }
    }

    private static void removeElement(ArrayNode list, JsonNode element) {
        for (int at = list.size() - 1; at >= 0; at--) {
            if (list.get(at).equals(element)) {
                list.remove(at);
            }
        }
    }
}
