package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Where data comes from. */
@ArgoType
public record DataSource(@Nullable Artifact artifactPaths) implements DataSourceBuilder.With {}
