package io.tiphys.artifactgc.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.OSSArtifact;
import io.tiphys.api.Relocation;
import io.tiphys.api.S3Artifact;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Artifact locations as names for the objects that they mean; they are whole ones ({@link WholeLocations}). */
public final class Locations {
    private static final List<String> NAMES_IN_STORE = List.of("key", "blob", "path");
    /** What names the key in a location of any kind. */
    private static final List<String> KEYS = List.of("key", "blob", "path", "url");

    private Locations() {}

    /** Store, bucket and identity: the location without what names the object in its store (a URL names the store, too). Equal for the same place. */
    public static Object place(Artifact artifact) {
        OSSArtifact oss = artifact.oss();
        S3Artifact s3 = artifact.s3();
        if (oss != null && s3 == null) {
            return oss.withKey("").withLifecycleRule(null);
        }
        if (s3 != null && oss == null) {
            return s3.withKey("");
        }
        ObjectNode json = location(artifact);
        json.forEach(location -> {
            if (location instanceof ObjectNode fields) {
                fields.remove(NAMES_IN_STORE);
                fields.remove("lifecycleRule");
            }
        });
        return json;
    }

    /** The location alone: an artifact's other fields say nothing about the object. */
    public static ObjectNode location(Artifact artifact) {
        ObjectNode json = ApiJson.mapper().valueToTree(artifact);
        json.retain(Relocation.KINDS);
        return json;
    }

    /**
     * The location alone, for others to read: without a token that stands in it. Of the usual kinds it is made into JSON only when it is
     * written.
     */
    public static ObjectNode told(Artifact artifact) {
        OSSArtifact oss = artifact.oss();
        S3Artifact s3 = artifact.s3();
        if (oss != null && s3 == null) {
            return JsonNodeFactory.instance.objectNode().putPOJO("oss", oss.withSecurityToken(null));
        }
        if (s3 != null && oss == null) {
            return JsonNodeFactory.instance.objectNode().putPOJO("s3", s3);
        }
        return location(artifact);
    }

    /**
     * An object's name: the same for the same object, whoever asks with whatever credentials.
     *
     * @param place kind of store, endpoint and bucket
     */
    record ObjectName(String place, String key) {}

    /** The object of a whole location; empty for an artifact without one. */
    static Optional<ObjectName> objectName(Artifact artifact) {
        OSSArtifact oss = artifact.oss();
        S3Artifact s3 = artifact.s3();
        if (oss != null && s3 == null) { // the usual kinds, without making JSON of them
            return Optional.of(objectName("oss", oss.endpoint(), oss.bucket(), oss.key()));
        }
        if (s3 != null && oss == null) {
            return Optional.of(objectName("s3", s3.endpoint(), s3.bucket(), s3.key()));
        }
        return objectNameOfAnyKind(artifact);
    }

    private static ObjectName objectName(
            String kind, @Nullable String endpoint, @Nullable String bucket, @Nullable String key) {
        return objectName(
                kind,
                Objects.requireNonNullElse(endpoint, ""),
                Objects.requireNonNullElse(bucket, ""),
                "",
                Objects.requireNonNullElse(key, ""));
    }

    private static ObjectName objectName(String kind, String endpoint, String bucket, String container, String key) {
        return new ObjectName(String.join("\n", kind, hostOf(endpoint), bucket, container), key);
    }

    private static Optional<ObjectName> objectNameOfAnyKind(Artifact artifact) {
        ObjectNode json = location(artifact);
        for (String kind : Relocation.KINDS) {
            if (json.path(kind) instanceof ObjectNode location) {
                String key = KEYS.stream()
                        .map(field -> location.path(field).asText(""))
                        .filter(value -> !value.isEmpty())
                        .findFirst()
                        .orElse("");
                return Optional.of(objectName(
                        kind,
                        location.path("endpoint").asText(""),
                        location.path("bucket").asText(location.path("name").asText("")),
                        location.path("container").asText(""),
                        key));
            }
        }
        return Optional.empty();
    }

    private static String hostOf(String endpoint) {
        String host = endpoint.toLowerCase(Locale.ROOT);
        host = host.startsWith("https://") ? host.substring(8) : host.startsWith("http://") ? host.substring(7) : host;
        int end = host.length();
        while (end > 0 && host.charAt(end - 1) == '/') {
            end--;
        }
        return host.substring(0, end);
    }
}
