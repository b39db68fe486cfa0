package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** The ConfigMap (and key in it) that holds the artifact repository. */
@ArgoType
public record ArtifactRepositoryRef(
        @Nullable String configMap, @Nullable String key) implements ArtifactRepositoryRefBuilder.With {}
