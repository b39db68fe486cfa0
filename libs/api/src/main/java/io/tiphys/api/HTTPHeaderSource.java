package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** Where a header's value comes from. */
@ArgoType
public record HTTPHeaderSource(@Nullable SecretKeySelector secretKeyRef) implements HTTPHeaderSourceBuilder.With {}
