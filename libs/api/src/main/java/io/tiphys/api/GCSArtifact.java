package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** An object in Google Cloud Storage. */
@ArgoType
public record GCSArtifact(@Nullable String bucket, @Nullable SecretKeySelector serviceAccountKeySecret, String key)
        implements GCSArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public GCSArtifact {
        key = key == null ? "" : key;
    }
}
