package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** When an artifact is deleted. */
@ArgoType
public record ArtifactGC(
        @Nullable String strategy,
        @Nullable Metadata podMetadata,
        @Nullable String serviceAccountName) implements ArtifactGCBuilder.With {}
