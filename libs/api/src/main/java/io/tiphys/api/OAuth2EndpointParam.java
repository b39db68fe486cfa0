package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** A parameter for the token endpoint. */
@ArgoType
public record OAuth2EndpointParam(String key, @Nullable String value) implements OAuth2EndpointParamBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public OAuth2EndpointParam {
        key = key == null ? "" : key;
    }
}
