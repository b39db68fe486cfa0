package io.tiphys.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** Whether, how often and how soon a failed node is tried again. */
@ArgoType
public record RetryStrategy(
        @Nullable IntOrString limit,
        @Nullable String retryPolicy,
        @Nullable Backoff backoff,
        @Nullable RetryAffinity affinity,
        @Nullable String expression)
        implements RetryStrategyBuilder.With {}
