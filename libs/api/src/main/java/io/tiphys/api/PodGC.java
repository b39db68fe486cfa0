package io.tiphys.api;

import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** When finished pods are deleted. */
@ArgoType
public record PodGC(
        @Nullable String strategy,
        @Nullable LabelSelector labelSelector,
        @Nullable String deleteDelayDuration) implements PodGCBuilder.With {}
