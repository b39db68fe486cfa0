package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** An object in Alibaba Cloud OSS. */
@ArgoType
public record OSSArtifact(
        @Nullable String endpoint,
        @Nullable String bucket,
        @Nullable SecretKeySelector accessKeySecret,
        @Nullable SecretKeySelector secretKeySecret,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean createBucketIfNotPresent,
        @Nullable String securityToken,
        @Nullable OSSLifecycleRule lifecycleRule,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean useSDKCreds,
        String key)
        implements OSSArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public OSSArtifact {
        key = key == null ? "" : key;
    }
}
