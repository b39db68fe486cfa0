package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** An artifact that holds the manifest of a resource template. */
@ArgoType
public record ManifestFrom(@Nullable Artifact artifact) implements ManifestFromBuilder.With {}
