package io.tiphys.pods;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.Relocation;
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

/**
 * Where the artifacts of one pod lie in object storage, as Argo artifact locations in JSON form
 * ({@code {"oss": {"bucket": …, "key": …}}}).
 *
 * <p>An artifact's own location counts if it is whole; else its key lies in the template's {@code archiveLocation} or the repository, of
 * whatever kind that is ({@link Relocation}). Without a key of its own it goes to {@code <keyFormat>/<file>}, where the format defaults to
 * {@code {{workflow.name}}/{{pod.name}}} (Argo: configure-artifact-repository.md, key-only-artifacts.md).
 */
final class ArtifactLocations {
    private static final String DEFAULT_KEY_FORMAT = "{{workflow.name}}/{{pod.name}}";
    private static final String OLD_PREFIX = "keyPrefix";
    private static final ObjectMapper JSON = ApiJson.mapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** How a kind of storage names its key, and in a repository the format of keys. */
    private enum Store {
        OSS("oss", "key", "keyFormat"),
        S3("s3", "key", "keyFormat"),
        GCS("gcs", "key", "keyFormat"),
        AZURE("azure", "blob", "blobNameFormat"),
        HDFS("hdfs", "path", "pathFormat"),
        ARTIFACTORY("artifactory", "", "keyFormat"),
        PLUGIN("plugin", "key", "keyFormat");

        final String field;
        final String key;
        final String format;

        Store(String field, String key, String format) {
            this.field = field;
            this.key = key;
            this.format = format;
        }
    }

    /** Kinds whose URL is all that there is to say of where an output goes. */
    private static final List<String> URLS = List.of("http", "artifactory");

    private final JsonNode repository;
    /** Where a location is that says no more than its key: the template's {@code archiveLocation} if that is whole, or the repository. */
    private final JsonNode base;

    private final boolean hasArchiveLocation;

    private final Scope scope;

    ArtifactLocations(EnsurePod wish, WorkflowFacts workflow) {
        this.repository = JSON.valueToTree(workflow.repository());
        ArtifactLocation archive = wish.template().archiveLocation();
        JsonNode own = JSON.valueToTree(archive);
        this.hasArchiveLocation =
                Relocation.isWhole(own) && Relocation.inRepository(own, "").isPresent();
        this.base = hasArchiveLocation ? own : repository;
        this.scope = scope(wish, workflow);
    }

    /** Where an input is read from; empty if the artifact has no location at all. */
    Optional<Map<String, Object>> input(Artifact artifact) {
        return Relocation.locate(JSON.valueToTree(artifact), base).map(ArtifactLocations::asMap);
    }

    /**
     * Where an output is written to.
     *
     * @param fileName last part of the key if the artifact names none
     */
    Map<String, Object> output(Artifact artifact, String fileName) {
        JsonNode tree = JSON.valueToTree(artifact);
        boolean hasUrl = URLS.stream()
                .anyMatch(field -> !tree.path(field).path("url").asText("").isEmpty());
        if (hasUrl || !Relocation.key(tree).isEmpty()) {
            return input(artifact).orElseThrow();
        }
        return inRepository(artifact.name(), fileName);
    }

    /**
     * Where a data template looks: as {@link #input}, but a location without a key is all that is there; one that isn't whole is all of the
     * repository, without what its format of keys begins with.
     */
    Optional<Map<String, Object>> source(Artifact artifact) {
        JsonNode tree = JSON.valueToTree(artifact);
        for (Store store : Store.values()) {
            if (tree.path(store.field) instanceof ObjectNode own && !store.key.isEmpty()) {
                boolean wholeBucket = Relocation.namesPlace(tree) && !own.has(store.key);
                return wholeBucket
                        ? Optional.of(asMap(JSON.createObjectNode()
                                .set(store.field, own.deepCopy().put(store.key, ""))))
                        : input(artifact);
            }
        }
        return Optional.empty();
    }

    /** The repository as a whole, for a source of data that names no place of its own. */
    Map<String, Object> root(String artifactName) {
        return Relocation.inRepository(base, "")
                .map(ArtifactLocations::asMap)
                .orElseThrow(() -> new PodRefusedException(
                        "artifact \"%s\" has no location and no artifact repository is configured"
                                .formatted(artifactName)));
    }

    /** Where something without a location of its own is written to. */
    Map<String, Object> inRepository(String artifactName, String fileName) {
        if (hasArchiveLocation) {
            return asMap(Relocation.inRepository(base, Relocation.key(base) + "/" + fileName)
                    .orElseThrow());
        }
        for (Store store : Store.values()) {
            JsonNode settings = repository.path(store.field);
            if (settings.isObject()) {
                String format = settings.path(store.format).asText("");
                String prefix = render(format.isEmpty() ? DEFAULT_KEY_FORMAT : format);
                String key = oldPrefix(settings, format) + prefix + "/" + fileName;
                return asMap(Relocation.inRepository(repository, key).orElseThrow());
            }
        }
        throw new PodRefusedException(
                ("artifact \"%s\" has no location and no artifact repository is configured: give it"
                                + " oss: {endpoint: …, bucket: …, key: …} or set TIPHYS_ARTIFACT_REPOSITORY of the controller")
                        .formatted(artifactName));
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

    private static Map<String, Object> asMap(ObjectNode location) {
        return JSON.convertValue(location, MAP);
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
