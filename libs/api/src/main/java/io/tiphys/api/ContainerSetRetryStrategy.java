package io.tiphys.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** How often a container of a set is started again in place. */
@ArgoType
public record ContainerSetRetryStrategy(
        @Nullable String duration, @Nullable IntOrString retries) implements ContainerSetRetryStrategyBuilder.With {}
