package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** When claims made from {@code volumeClaimTemplates} are deleted. */
@ArgoType
public record VolumeClaimGC(@Nullable String strategy) implements VolumeClaimGCBuilder.With {}
