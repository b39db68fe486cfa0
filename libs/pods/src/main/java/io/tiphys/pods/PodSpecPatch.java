package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.tiphys.api.ApiJson;
import java.util.Map;
import java.util.Optional;

/**
 * {@code podSpecPatch}: a strategic merge patch of a pod's spec in YAML or JSON. Objects are merged, {@code null} removes a
 * field, lists whose entries have a key in Kubernetes' API (containers by name, mounts by path, …) are merged entry by
 * entry, other lists are replaced. {@code $patch: delete | replace} are understood.
 */
final class PodSpecPatch {
    private static final ObjectMapper JSON = ApiJson.mapper();
    private static final ObjectMapper YAML = new YAMLMapper();
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

    private PodSpecPatch() {}

    static PodSpec apply(PodSpec spec, String patchText) {
        ObjectNode patch = parse(patchText);
        redirect(patch, "initContainers", "init", spec);
        redirect(patch, "containers", "wait", spec);
        try {
            return JSON.treeToValue(merge(JSON.valueToTree(spec), patch), PodSpec.class);
        } catch (JsonProcessingException e) {
            throw new PodRefusedException(
                    "podSpecPatch gives something that is no pod spec: " + e.getOriginalMessage());
        }
    }

    /** What is meant for Argo's own containers goes to the executor, which does their work, or to nobody where none is. */
    private static void redirect(ObjectNode patch, String list, String name, PodSpec spec) {
        if (!(patch.get(list) instanceof ArrayNode entries)) {
            return;
        }
        boolean hasExecutor = spec.getInitContainers().stream()
                .anyMatch(container -> container.getName().equals(Names.EXECUTOR));
        for (int i = entries.size() - 1; i >= 0; i--) {
            boolean isOurs = entries.get(i).path("name").asText().equals(name)
                    && !entries.get(i).has("image")
                    && !entries.get(i).has("command");
            if (isOurs && entries.remove(i) instanceof ObjectNode entry && hasExecutor) {
                entry.put("name", Names.EXECUTOR);
                (patch.get("initContainers") instanceof ArrayNode inits ? inits : patch.putArray("initContainers"))
                        .add(entry);
            }
        }
        if (entries.isEmpty()) {
            patch.remove(list);
        }
    }

    private static ObjectNode parse(String text) {
        try {
            if (YAML.readTree(text) instanceof ObjectNode patch) {
                return patch;
            }
            throw new PodRefusedException("podSpecPatch must be an object in YAML or JSON, not: " + text);
        } catch (JsonProcessingException e) {
            throw new PodRefusedException("podSpecPatch is neither YAML nor JSON: " + e.getOriginalMessage());
        }
    }

    private static JsonNode merge(JsonNode target, JsonNode patch) {
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
        ArrayNode list = JSON.createArrayNode();
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
