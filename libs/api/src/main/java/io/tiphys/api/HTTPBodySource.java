package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** A request body that isn't text; {@code bytes} is base64. */
@ArgoType
public record HTTPBodySource(@Nullable String bytes) implements HTTPBodySourceBuilder.With {}
