package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.tiphys.api.ApiJson;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * {@code podSpecPatch}: a {@linkplain StrategicMerge strategic merge patch} of a pod's spec in YAML or JSON. What it says of Argo's own
 * containers ({@code wait}, {@code init}, {@code supervisor}) is meant for the executor, and for nobody in a lean pod.
 */
final class PodSpecPatch {
    private static final ObjectMapper JSON = ApiJson.mapper();
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Set<String> ARGO_CONTAINERS = Set.of("wait", "init", "supervisor");

    private PodSpecPatch() {}

    static PodSpec apply(PodSpec spec, String patchText) {
        JsonNode tree = JSON.valueToTree(spec);
        ObjectNode patch = forExecutor(parse(patchText), names(tree, "initContainers", Names.EXECUTOR));
        try {
            return JSON.treeToValue(StrategicMerge.merge(tree, patch), PodSpec.class);
        } catch (JsonProcessingException e) {
            throw new PodRefusedException(
                    "Error applying PodSpecPatch: podSpecPatch gives something that is no pod spec: "
                            + e.getOriginalMessage());
        }
    }

    /** Names of the containers that a patch brings along, as opposed to those of the pod that it changes: they have an image. */
    static List<String> added(String patchText, Collection<String> known) {
        return parse(patchText)
                .path("containers")
                .valueStream()
                .filter(container -> container.hasNonNull("image"))
                .map(container -> container.path("name").asText())
                .filter(name -> !name.isEmpty() && !known.contains(name))
                .toList();
    }

    private static ObjectNode parse(String text) {
        try {
            if (YAML.readTree(text) instanceof ObjectNode patch) {
                return patch;
            }
            throw new PodRefusedException(
                    "Error applying PodSpecPatch: podSpecPatch must be an object in YAML or JSON, not: " + text);
        } catch (JsonProcessingException e) {
            throw new PodRefusedException(
                    "Error applying PodSpecPatch: podSpecPatch is neither YAML nor JSON: " + e.getOriginalMessage());
        }
    }

    private static boolean names(JsonNode spec, String list, String name) {
        return spec.path(list)
                .valueStream()
                .anyMatch(entry -> entry.path("name").asText().equals(name));
    }

    private static ObjectNode forExecutor(ObjectNode patch, boolean hasExecutor) {
        for (String list : new String[] {"containers", "initContainers"}) {
            if (patch.get(list) instanceof ArrayNode entries) {
                for (Iterator<JsonNode> each = entries.elements(); each.hasNext(); ) {
                    if (each.next() instanceof ObjectNode entry
                            && ARGO_CONTAINERS.contains(entry.path("name").asText())
                            && !entry.has("image")) {
                        each.remove();
                        if (hasExecutor) {
                            patch.withArray("initContainers")
                                    .add(entry.deepCopy().put("name", Names.EXECUTOR));
                        }
                        return forExecutor(patch, hasExecutor);
                    }
                }
            }
        }
        return patch;
    }
}
