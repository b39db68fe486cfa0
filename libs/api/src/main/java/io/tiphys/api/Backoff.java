package io.tiphys.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** The wait between attempts: {@code duration * factor^n}, at most {@code cap}, in all at most {@code maxDuration}. */
@ArgoType
public record Backoff(
        @Nullable String duration,
        @Nullable IntOrString factor,
        @Nullable String maxDuration,
        @Nullable String cap) implements BackoffBuilder.With {}
