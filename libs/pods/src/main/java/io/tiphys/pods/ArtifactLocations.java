package io.tiphys.pods;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the artifacts of one pod lie in object storage, as Argo artifact locations in JSON form
 * ({@code {"oss": {"bucket": …, "key": …}}}).
 *
 * <p>An artifact's own location counts; what it leaves out (bucket, endpoint, credentials) comes from the template's
 * {@code archiveLocation} or the repository. Without a key of its own it goes to {@code <keyFormat>/<file>}, where the
 * format defaults to {@code {{workflow.name}}/{{pod.name}}} (Argo: configure-artifact-repository.md, key-only-artifacts.md).
 */
final class ArtifactLocations {
    private static final String DEFAULT_KEY_FORMAT = "{{workflow.name}}/{{pod.name}}";
    private static final String OLD_PREFIX = "keyPrefix";
    private static final ObjectMapper JSON = ApiJson.mapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** How a kind of storage names its key, in a repository the format of keys, and what says which store it is. */
    private enum Store {
        OSS("oss", "key", "keyFormat", "bucket"),
        S3("s3", "key", "keyFormat", "bucket"),
        GCS("gcs", "key", "keyFormat", "bucket"),
        AZURE("azure", "blob", "blobNameFormat", "container"),
        HDFS("hdfs", "path", "pathFormat", "addresses"),
        PLUGIN("plugin", "key", "keyFormat", "name");

        final String field;
        final String key;
        final String format;
        final String place;

        Store(String field, String key, String format, String place) {
            this.field = field;
            this.key = key;
            this.format = format;
            this.place = place;
        }
    }

    /** Kinds whose URL is all that there is to say of where an output goes. */
    private static final List<String> URLS = List.of("http", "artifactory");

    /** Kinds that are complete by themselves: nothing to add from a repository. */
    private static final List<String> SELF_CONTAINED = List.of("git", "http", "artifactory", "raw");

    private final JsonNode repository;
    private final @Nullable JsonNode archiveLocation;
    private final Scope scope;

    ArtifactLocations(EnsurePod wish, WorkflowFacts workflow) {
        this.repository = JSON.valueToTree(workflow.repository());
        ArtifactLocation archive = wish.template().archiveLocation();
        this.archiveLocation = archive == null ? null : JSON.valueToTree(archive);
        this.scope = scope(wish, workflow);
    }

    /** Where an input is read from; empty if the artifact has no location at all. */
    Optional<Map<String, Object>> input(Artifact artifact) {
        JsonNode tree = JSON.valueToTree(artifact);
        for (String field : SELF_CONTAINED) {
            if (tree.path(field).isObject()) {
                return Optional.of(asMap(field, (ObjectNode) tree.path(field)));
            }
        }
        for (Store store : Store.values()) {
            if (tree.path(store.field).isObject()) {
                return Optional.of(located(store, tree.path(store.field)));
            }
        }
        return Optional.empty();
    }

    /**
     * Where an output is written to.
     *
     * @param fileName last part of the key if the artifact names none
     */
    Map<String, Object> output(Artifact artifact, String fileName) {
        JsonNode tree = JSON.valueToTree(artifact);
        for (Store store : Store.values()) {
            JsonNode own = tree.path(store.field);
            if (own.isObject() && !own.path(store.key).asText().isEmpty()) {
                return located(store, own);
            }
        }
        for (String field : URLS) {
            if (tree.path(field) instanceof ObjectNode own
                    && !own.path("url").asText("").isEmpty()) {
                return asMap(field, own);
            }
        }
        return inRepository(artifact.name(), fileName);
    }

    /** Where a data template looks: as {@link #input}, but a location without a key is the whole bucket. */
    Optional<Map<String, Object>> source(Artifact artifact) {
        JsonNode tree = JSON.valueToTree(artifact);
        for (Store store : Store.values()) {
            if (tree.path(store.field).isObject()) {
                ObjectNode located = located(tree.path(store.field), store);
                if (!located.has(store.key)) {
                    located.put(store.key, "");
                }
                return Optional.of(asMap(store.field, located));
            }
        }
        return Optional.empty();
    }

    /** The repository as a whole, for a source of data that names no place of its own. */
    Map<String, Object> root(String artifactName) {
        for (Store store : Store.values()) {
            if (repository.path(store.field) instanceof ObjectNode settings) {
                ObjectNode located = settings.deepCopy();
                located.remove(List.of(store.format, OLD_PREFIX));
                return asMap(store.field, located.put(store.key, ""));
            }
        }
        throw new PodRefusedException(
                "artifact \"%s\" has no location and no artifact repository is configured".formatted(artifactName));
    }

    /** Where something without a location of its own is written to. */
    Map<String, Object> inRepository(String artifactName, String fileName) {
        if (archiveLocation != null) {
            for (Store store : Store.values()) {
                JsonNode given = archiveLocation.path(store.field);
                if (given.isObject() && !given.path(store.key).asText().isEmpty()) {
                    ObjectNode located = located(given, store);
                    located.put(store.key, given.path(store.key).asText() + "/" + fileName);
                    return asMap(store.field, located);
                }
            }
        }
        for (Store store : Store.values()) {
            JsonNode settings = repository.path(store.field);
            if (settings.isObject()) {
                String format = settings.path(store.format).asText("");
                String prefix = render(format.isEmpty() ? DEFAULT_KEY_FORMAT : format);
                ObjectNode located = settings.deepCopy();
                located.remove(List.of(store.format, OLD_PREFIX));
                located.put(store.key, oldPrefix(settings, format) + prefix + "/" + fileName);
                return asMap(store.field, located);
            }
        }
        if (repository.path("artifactory") instanceof ObjectNode settings) {
            String format = settings.path("keyFormat").asText("");
            ObjectNode located = settings.deepCopy();
            located.remove(List.of("repoURL", "keyFormat"));
            located.put(
                    "url",
                    settings.path("repoURL").asText("").replaceFirst("/+$", "") + "/"
                            + render(format.isEmpty() ? DEFAULT_KEY_FORMAT : format) + "/" + fileName);
            return asMap("artifactory", located);
        }
        throw new PodRefusedException(
                ("artifact \"%s\" has no location and no artifact repository is configured: give it"
                                + " oss: {bucket: …, key: …} or set TIPHYS_ARTIFACT_REPOSITORY of the controller")
                        .formatted(artifactName));
    }

    private Map<String, Object> located(Store store, JsonNode own) {
        return asMap(store.field, located(own, store));
    }

    /** The artifact's own fields over those of the repository, if that is of the same kind. */
    private ObjectNode located(JsonNode own, Store store) {
        ObjectNode merged = JSON.createObjectNode();
        boolean keyOnly = own.path(store.place).isEmpty()
                && own.path(store.place).asText("").isEmpty();
        if (keyOnly && repository.path(store.field) instanceof ObjectNode defaults) {
            merged.setAll(defaults);
            merged.remove(List.of(store.format, OLD_PREFIX));
        }
        merged.setAll((ObjectNode) own);
        return merged;
    }

    /** S3's {@code keyPrefix}, which {@code keyFormat} took the place of: it counts where there is no format. */
    private static String oldPrefix(JsonNode settings, String format) {
        String prefix = settings.path(OLD_PREFIX).asText("");
        return format.isEmpty() && !prefix.isEmpty() ? prefix.replaceFirst("/+$", "") + "/" : "";
    }

    private String render(String format) {
        return switch (CompiledText.compile(format).render(scope)) {
            case Rendering.Rendered(var text) -> text;
            case Rendering other ->
                throw new PodRefusedException(
                        "the artifact repository's key format \"%s\" can't be filled in: %s".formatted(format, other));
        };
    }

    private static Map<String, Object> asMap(String field, ObjectNode location) {
        return Map.of(field, JSON.convertValue(location, MAP));
    }

    private static Scope scope(EnsurePod wish, WorkflowFacts workflow) {
        Map<String, Object> values = new HashMap<>();
        values.put("workflow.name", workflow.name());
        values.put("workflow.namespace", workflow.namespace());
        values.put("workflow.uid", workflow.uid());
        values.put("pod.name", wish.podName());
        values.put("node.name", wish.nodeName());
        var created = workflow.createdAt().atOffset(ZoneOffset.UTC);
        values.put("workflow.creationTimestamp", created.format(DateTimeFormatter.ISO_INSTANT));
        CREATION_PARTS.forEach((part, pattern) ->
                values.put("workflow.creationTimestamp." + part, created.format(DateTimeFormatter.ofPattern(pattern))));
        workflow.labels().forEach((name, value) -> values.put("workflow.labels." + name, value));
        workflow.annotations().forEach((name, value) -> values.put("workflow.annotations." + name, value));
        for (var parameter : workflow.spec().arguments().parameters()) {
            if (parameter.value() != null) {
                values.put("workflow.parameters." + parameter.name(), parameter.value());
            }
        }
        for (var parameter : wish.template().inputs().parameters()) {
            if (parameter.value() != null) {
                values.put("inputs.parameters." + parameter.name(), parameter.value());
            }
        }
        return Scope.of(values);
    }

    /** strftime letters that key formats use, and what they are in Java. */
    private static final Map<String, String> CREATION_PARTS =
            Map.of("Y", "yyyy", "m", "MM", "d", "dd", "H", "HH", "M", "mm", "S", "ss", "y", "yy", "j", "DDD");
}
