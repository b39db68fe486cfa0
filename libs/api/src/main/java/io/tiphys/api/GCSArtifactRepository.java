package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** A Google Cloud Storage bucket for artifacts without a location of their own. */
@ArgoType
public record GCSArtifactRepository(
        @Nullable String bucket,
        @Nullable SecretKeySelector serviceAccountKeySecret,
        @Nullable String keyFormat) implements GCSArtifactRepositoryBuilder.With {}
