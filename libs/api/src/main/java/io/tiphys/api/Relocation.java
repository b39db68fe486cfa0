package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a location means that says only a part: its key, in the artifact repository, of whatever kind that is. All in JSON form: an artifact
 * or location is {@code {"s3": {"key": …}}} (other fields beside the kind don't matter), a repository {@code {"oss": {"bucket": …}}}.
 *
 * <p>A location is whole or it counts for nothing but its key: with {@code s3: {bucket: b, key: k}} and no endpoint the object lies at
 * {@code k} in the repository's bucket, not in {@code b} (Argo: {@code ArtifactLocation.Relocate}, {@code HasLocation}; key-only-artifacts.md).
 */
public final class Relocation {
    /** Kinds in the order in which Argo looks for them. */
    public static final List<String> KINDS =
            List.of("artifactory", "azure", "git", "gcs", "hdfs", "http", "oss", "raw", "s3", "plugin");

    /** What a location of each kind must say to be whole; {@code raw} is so with any text. */
    private static final Map<String, List<String>> WHOLE = Map.of(
            "artifactory", List.of("url"),
            "azure", List.of("endpoint", "container"),
            "git", List.of("repo"),
            "gcs", List.of("bucket"),
            "hdfs", List.of("addresses"),
            "http", List.of("url"),
            "oss", List.of("endpoint", "bucket"),
            "raw", List.of(),
            "s3", List.of("endpoint", "bucket"),
            "plugin", List.of("name", "configuration"));

    /** What names the object; the other kinds' are URLs or have none. */
    private static final Map<String, String> KEYS =
            Map.of("azure", "blob", "gcs", "key", "hdfs", "path", "oss", "key", "s3", "key", "plugin", "key");

    private static final Set<String> TAKES_KEYS =
            Set.of("artifactory", "azure", "gcs", "hdfs", "http", "oss", "s3", "plugin");

    /** What a repository says besides where it is. */
    private static final List<String> NOT_A_PLACE =
            List.of("keyFormat", "keyPrefix", "pathFormat", "blobNameFormat", "repoURL");

    private Relocation() {}

    /** The kind of an artifact's location; empty if it has none. */
    public static Optional<String> kind(JsonNode artifact) {
        return KINDS.stream().filter(kind -> artifact.path(kind).isObject()).findFirst();
    }

    /** Whether the artifact names both a place and an object of its own. */
    public static boolean isWhole(JsonNode artifact) {
        return kind(artifact)
                .map(kind -> namesPlace(artifact)
                        && (!KEYS.containsKey(kind)
                                || kind.equals("hdfs")
                                || !key(artifact).isEmpty()))
                .orElse(false);
    }

    /** Whether the artifact says which store it means, with a key or without. */
    public static boolean namesPlace(JsonNode artifact) {
        return kind(artifact)
                .map(kind -> WHOLE.getOrDefault(kind, List.of()).stream()
                        .allMatch(field -> says(artifact.path(kind).path(field))))
                .orElse(false);
    }

    /** The key that the location names; empty if there is none. */
    public static String key(JsonNode artifact) {
        return kind(artifact)
                .map(kind ->
                        artifact.path(kind).path(KEYS.getOrDefault(kind, "")).asText(""))
                .orElse("");
    }

    /**
     * Where the artifact lies, as {@code {kind: {…}}}: its own location if that is whole, else its key in the repository. Where there is no
     * repository the own location stands as it is. Empty for an artifact without a location.
     */
    public static Optional<ObjectNode> locate(JsonNode artifact, JsonNode repository) {
        return kind(artifact).map(kind -> {
            if (isWhole(artifact) || !KEYS.containsKey(kind)) {
                return of(kind, artifact.path(kind));
            }
            return inRepository(repository, key(artifact)).orElseGet(() -> of(kind, artifact.path(kind)));
        });
    }

    /** The object of that key in a repository or an archive location; empty if there is none that knows keys. */
    public static Optional<ObjectNode> inRepository(JsonNode repository, String key) {
        return kind(repository).filter(TAKES_KEYS::contains).map(kind -> {
            ObjectNode place = repository.path(kind).deepCopy();
            String field = KEYS.get(kind);
            if (field == null) {
                // Argo puts the key in the place of the URL's whole path, where no repository of Artifactory is
                String root = place.path("repoURL").asText(place.path("url").asText(""));
                place.put("url", root.replaceFirst("/+$", "") + "/" + key.replaceFirst("^/+", ""));
            } else {
                place.put(field, key);
            }
            place.remove(NOT_A_PLACE);
            return of(kind, place);
        });
    }

    private static ObjectNode of(String kind, JsonNode location) {
        return JsonNodeFactory.instance.objectNode().set(kind, location.deepCopy());
    }

    private static boolean says(JsonNode field) {
        return field.isArray() ? !field.isEmpty() : !field.asText("").isEmpty();
    }
}
