package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Where attempts may run. */
@ArgoType
public record RetryAffinity(@Nullable RetryNodeAntiAffinity nodeAntiAffinity) implements RetryAffinityBuilder.With {}
