package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Settings of the executor in a pod. */
@ArgoType
public record ExecutorConfig(@Nullable String serviceAccountName) implements ExecutorConfigBuilder.With {}
