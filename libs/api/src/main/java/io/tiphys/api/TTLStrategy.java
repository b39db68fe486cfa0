package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** How long a finished workflow is kept, in seconds. */
@ArgoType
public record TTLStrategy(
        @Nullable Integer secondsAfterCompletion,
        @Nullable Integer secondsAfterSuccess,
        @Nullable Integer secondsAfterFailure)
        implements TTLStrategyBuilder.With {}
