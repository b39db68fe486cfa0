package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** A file in Artifactory. */
@ArgoType
public record ArtifactoryArtifact(
        @Nullable SecretKeySelector usernameSecret,
        @Nullable SecretKeySelector passwordSecret,
        String url) implements ArtifactoryArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public ArtifactoryArtifact {
        url = url == null ? "" : url;
    }
}
