package io.tiphys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * One document of a manifest file as it was written, before it is read as a type.
 *
 * @param index its place in the file, from 0
 * @param tree the JSON; of a key that was written twice, the later value
 * @param lines where each part of the tree stands in the text
 * @param duplicateKeys paths of keys that were written more than once, in order
 */
public record Manifest(int index, JsonNode tree, SourceLines lines, List<String> duplicateKeys) {
    public Manifest {
        duplicateKeys = List.copyOf(duplicateKeys);
    }

    /** A manifest that came as a tree. */
    public static Manifest of(JsonNode tree) {
        return new Manifest(0, tree, SourceLines.NONE, List.of());
    }

    /** A manifest for an object that is there already. */
    public static Manifest of(HasMetadata object) {
        return of(ApiJson.mapper().<JsonNode>valueToTree(object));
    }

    /** The kind that it says it is, "" if it doesn't. */
    public String kind() {
        return tree.path("kind").asText("");
    }

    /** The API version that it says, "" if it doesn't. */
    public String apiVersion() {
        return tree.path("apiVersion").asText("");
    }

    /** {@code metadata.name}, "" if there is none. */
    public String name() {
        return tree.path("metadata").path("name").asText("");
    }

    /** The line of what stands at the path, see {@link SourceLines#at}. */
    public int line(String path) {
        return lines.at(path);
    }

    /**
     * Reads it as a type.
     *
     * @throws InvalidManifestException where a value has a type that can't be read
     */
    public <T> T as(Class<T> type) {
        try {
            return ApiJson.mapper().treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            String path = JsonPaths.of(e);
            throw new InvalidManifestException(
                    line(path), (path.isEmpty() ? "" : path + ": ") + e.getOriginalMessage());
        }
    }
}
