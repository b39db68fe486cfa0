package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** An object in S3. */
@ArgoType
public record S3Artifact(
        @Nullable String endpoint,
        @Nullable String bucket,
        @Nullable String region,
        @Nullable Boolean insecure,
        @Nullable SecretKeySelector accessKeySecret,
        @Nullable SecretKeySelector secretKeySecret,
        @Nullable SecretKeySelector sessionTokenSecret,
        @Nullable String roleARN,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean useSDKCreds,
        @Nullable CreateS3BucketOptions createBucketIfNotPresent,
        @Nullable S3EncryptionOptions encryptionOptions,
        @Nullable SecretKeySelector caSecret,
        @Nullable String addressingStyle,
        @Nullable String key)
        implements S3ArtifactBuilder.With {}
