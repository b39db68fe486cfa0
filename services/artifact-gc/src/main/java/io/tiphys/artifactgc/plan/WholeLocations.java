package io.tiphys.artifactgc.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactRepositoryRefStatus;
import io.tiphys.api.OSSArtifact;
import io.tiphys.api.Relocation;
import io.tiphys.api.S3Artifact;
import io.tiphys.api.WorkflowStatus;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The artifacts of one workflow with what their locations leave to the repository that it was started with ({@link Relocation}). A
 * workflow may have very many, nearly all of which name a key in OSS or S3 and no more: where that is is made out once. Immutable.
 */
final class WholeLocations {
    /** What concerns writing only. */
    private static final List<String> OF_WRITING = List.of("lifecycleRule", "createBucketIfNotPresent");

    private final @Nullable JsonNode repository;
    private final @Nullable OSSArtifact oss;
    private final @Nullable S3Artifact s3;

    WholeLocations(WorkflowStatus status) {
        ArtifactRepositoryRefStatus ref = status.artifactRepositoryRef();
        if (ref == null || ref.artifactRepository() == null) {
            repository = null;
            oss = null;
            s3 = null;
        } else {
            repository = ApiJson.mapper().valueToTree(ref.artifactRepository());
            Artifact place = Relocation.inRepository(repository, "")
                    .map(WholeLocations::forReading)
                    .map(location -> ApiJson.mapper().convertValue(location, Artifact.class))
                    .orElse(null);
            oss = place == null ? null : place.oss();
            s3 = place == null ? null : place.s3();
        }
    }

    /** The artifact itself if its location is whole, or stands for itself as there is no repository. */
    Artifact of(Artifact artifact) {
        if (repository == null) {
            return artifact;
        }
        OSSArtifact inOss = artifact.oss();
        S3Artifact inS3 = artifact.s3();
        if (inOss != null && inS3 == null && !hasOtherKind(artifact)) {
            return areGiven(inOss.endpoint(), inOss.bucket(), inOss.key())
                    ? artifact
                    : inRepository(artifact, inOss.key(), repository);
        }
        if (inS3 != null && inOss == null && !hasOtherKind(artifact)) {
            return areGiven(inS3.endpoint(), inS3.bucket(), inS3.key())
                    ? artifact
                    : inRepository(artifact, Objects.requireNonNullElse(inS3.key(), ""), repository);
        }
        return ofAnyKind(artifact, repository);
    }

    private Artifact inRepository(Artifact artifact, String key, JsonNode place) {
        if (oss != null) {
            return artifact.withS3(null).withOss(oss.withKey(key));
        }
        if (s3 != null) {
            return artifact.withOss(null).withS3(s3.withKey(key));
        }
        return ofAnyKind(artifact, place);
    }

    private static boolean hasOtherKind(Artifact artifact) {
        return Stream.of(
                        artifact.artifactory(),
                        artifact.azure(),
                        artifact.git(),
                        artifact.gcs(),
                        artifact.hdfs(),
                        artifact.http(),
                        artifact.raw(),
                        artifact.plugin())
                .anyMatch(Objects::nonNull);
    }

    private static boolean areGiven(@Nullable String endpoint, @Nullable String bucket, @Nullable String key) {
        return Stream.of(endpoint, bucket, key).allMatch(text -> text != null && !text.isEmpty());
    }

    private static Artifact ofAnyKind(Artifact artifact, JsonNode repository) {
        ObjectNode json = ApiJson.mapper().valueToTree(artifact);
        if (Relocation.isWhole(json)) {
            return artifact;
        }
        return Relocation.locate(json, repository)
                .map(whole -> {
                    json.remove(Relocation.KINDS);
                    json.setAll(forReading(whole));
                    return ApiJson.mapper().convertValue(json, Artifact.class);
                })
                .orElse(artifact);
    }

    private static ObjectNode forReading(ObjectNode whole) {
        whole.forEach(location -> ((ObjectNode) location).remove(OF_WRITING));
        return whole;
    }
}
