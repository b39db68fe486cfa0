package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Who holds or waits for a mutex. */
@ArgoType
public record MutexHolding(@Nullable String mutex, @Nullable String holder) implements MutexHoldingBuilder.With {}
