package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Where an artifact is stored; at most one field besides {@code archiveLogs} is set. */
@ArgoType
public record ArtifactLocation(
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
        @Nullable PluginArtifact plugin)
        implements ArtifactLocationBuilder.With {}
