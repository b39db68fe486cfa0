package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** How to authenticate at a URL. */
@ArgoType
public record HTTPAuth(
        @Nullable ClientCertAuth clientCert,
        @Nullable OAuth2Auth oauth2,
        @Nullable BasicAuth basicAuth) implements HTTPAuthBuilder.With {}
