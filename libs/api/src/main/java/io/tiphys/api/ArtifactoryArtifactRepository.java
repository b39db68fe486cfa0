package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** An Artifactory repository for artifacts without a location of their own. */
@ArgoType
public record ArtifactoryArtifactRepository(
        @Nullable SecretKeySelector usernameSecret,
        @Nullable SecretKeySelector passwordSecret,
        @Nullable String repoURL,
        @Nullable String keyFormat)
        implements ArtifactoryArtifactRepositoryBuilder.With {}
