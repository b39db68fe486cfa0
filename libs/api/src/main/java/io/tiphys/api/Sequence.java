package io.tiphys.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** Numbers from {@code start} to {@code end}, or {@code count} of them. */
@ArgoType
public record Sequence(
        @Nullable IntOrString count,
        @Nullable IntOrString start,
        @Nullable IntOrString end,
        @Nullable String format) implements SequenceBuilder.With {}
