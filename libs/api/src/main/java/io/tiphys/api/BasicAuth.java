package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** User name and password. */
@ArgoType
public record BasicAuth(
        @Nullable SecretKeySelector usernameSecret,
        @Nullable SecretKeySelector passwordSecret) implements BasicAuthBuilder.With {}
