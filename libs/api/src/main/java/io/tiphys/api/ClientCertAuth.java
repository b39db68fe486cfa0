package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** A client certificate. */
@ArgoType
public record ClientCertAuth(
        @Nullable SecretKeySelector clientCertSecret,
        @Nullable SecretKeySelector clientKeySecret) implements ClientCertAuthBuilder.With {}
