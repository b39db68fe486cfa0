package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Waits for a time, or until somebody resumes it. */
@ArgoType
public record SuspendTemplate(@Nullable String duration) implements SuspendTemplateBuilder.With {}
