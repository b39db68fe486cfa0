package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** An Alibaba Cloud OSS bucket for artifacts without a location of their own. */
@ArgoType
public record OSSArtifactRepository(
        @Nullable String endpoint,
        @Nullable String bucket,
        @Nullable SecretKeySelector accessKeySecret,
        @Nullable SecretKeySelector secretKeySecret,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean createBucketIfNotPresent,
        @Nullable String securityToken,
        @Nullable OSSLifecycleRule lifecycleRule,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean useSDKCreds,
        @Nullable String keyFormat)
        implements OSSArtifactRepositoryBuilder.With {}
