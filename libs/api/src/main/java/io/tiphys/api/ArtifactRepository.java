package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Where artifacts go that name no location of their own. */
@ArgoType
public record ArtifactRepository(
        @Nullable Boolean archiveLogs,
        @Nullable S3ArtifactRepository s3,
        @Nullable ArtifactoryArtifactRepository artifactory,
        @Nullable HDFSArtifactRepository hdfs,
        @Nullable OSSArtifactRepository oss,
        @Nullable GCSArtifactRepository gcs,
        @Nullable AzureArtifactRepository azure,
        @Nullable PluginArtifactRepository plugin)
        implements ArtifactRepositoryBuilder.With {}
