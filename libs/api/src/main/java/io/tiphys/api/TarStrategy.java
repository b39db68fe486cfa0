package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** The artifact is stored as a tar file, gzipped unless {@code compressionLevel} is 0. */
@ArgoType
public record TarStrategy(@Nullable Integer compressionLevel) implements TarStrategyBuilder.With {}
