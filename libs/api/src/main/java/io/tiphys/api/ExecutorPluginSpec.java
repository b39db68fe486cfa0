package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** The sidecar of an executor plugin. */
@ArgoType
public record ExecutorPluginSpec(@Nullable ExecutorPluginSidecar sidecar) implements ExecutorPluginSpecBuilder.With {}
