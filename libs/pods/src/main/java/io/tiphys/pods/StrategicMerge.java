package io.tiphys.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Kubernetes' strategic merge of parts of a pod's spec. Objects are merged, {@code null} removes a field, lists whose entries have a key in
 * Kubernetes' API (containers by name, mounts by path, …) are merged entry by entry, other lists are replaced. {@code $patch: delete | replace}
 * are understood.
 */
final class StrategicMerge {
    private static final String DIRECTIVE = "$patch";

    /** The merge keys of the lists in a pod's spec (Kubernetes API: {@code x-kubernetes-patch-merge-key}). */
    private static final Map<String, String> MERGE_KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("env", "name"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("ports", "containerPort"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("resourceClaims", "name"));

    private StrategicMerge() {}

    /** The target with the changes made; the target may be changed in place. */
    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(target instanceof ObjectNode base) || !(patch instanceof ObjectNode changes)) {
            return patch;
        }
        if ("replace".equals(changes.path(DIRECTIVE).asText())) {
            ObjectNode replacement = changes.deepCopy();
            replacement.remove(DIRECTIVE);
            return replacement;
        }
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String field = change.getKey();
            JsonNode value = change.getValue();
            if (value.isNull()) {
                base.remove(field);
            } else if (value instanceof ArrayNode list) {
                base.set(field, mergeList(field, base.get(field), list));
            } else if (!field.startsWith("$")) {
                base.set(field, base.has(field) ? merge(base.get(field), value) : value);
            }
        }
        return base;
    }

    private static JsonNode mergeList(String field, JsonNode target, ArrayNode patch) {
        String key = MERGE_KEYS.get(field);
        if (key == null || !(target instanceof ArrayNode base)) {
            return withoutDirectives(patch);
        }
        for (JsonNode entry : patch) {
            Optional<Integer> found = indexOf(base, key, entry.path(key));
            boolean delete = "delete".equals(entry.path(DIRECTIVE).asText());
            if (found.isPresent() && delete) {
                base.remove(found.get());
            } else if (found.isPresent()) {
                base.set(found.get(), merge(base.get(found.get()), entry));
            } else if (!delete) {
                base.add(entry);
            }
        }
        return base;
    }

    private static ArrayNode withoutDirectives(ArrayNode patch) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : patch) {
            if (!entry.has(DIRECTIVE)) {
                list.add(entry);
            }
        }
        return list;
    }

    private static Optional<Integer> indexOf(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (!value.isMissingNode() && list.get(i).path(key).asText().equals(value.asText())) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
