package io.tiphys.api;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import org.jspecify.annotations.Nullable;

/** The ConfigMap that holds memoized outputs. */
@ArgoType
public record Cache(@Nullable LocalObjectReference configMap) implements CacheBuilder.With {}
