package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** The lock that a node waits for. */
@ArgoType
public record NodeSynchronizationStatus(@Nullable String waiting) implements NodeSynchronizationStatusBuilder.With {}
