package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A file or directory going into or out of a template, and where it is stored: at most one location field is set. */
@ArgoType
public record Artifact(
        String name,
        @Nullable Boolean archiveLogs,
        @Nullable S3Artifact s3,
        @Nullable GitArtifact git,
        @Nullable HTTPArtifact http,
        @Nullable ArtifactoryArtifact artifactory,
        @Nullable HDFSArtifact hdfs,
        @Nullable RawArtifact raw,
        @Nullable OSSArtifact oss,
        @Nullable GCSArtifact gcs,
        @Nullable AzureArtifact azure,
        @Nullable PluginArtifact plugin,
        @Nullable String path,
        @Nullable Integer mode,
        @Nullable String from,
        @Nullable String globalName,
        @Nullable ArchiveStrategy archive,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean optional,
        @Nullable String subPath,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean recurseMode,
        @Nullable String fromExpression,
        @Nullable ArtifactGC artifactGC,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean deleted)
        implements ArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Artifact {
        name = name == null ? "" : name;
    }
}
