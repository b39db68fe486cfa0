package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** A request header. */
@ArgoType
public record HTTPHeader(
        String name, @Nullable String value, @Nullable HTTPHeaderSource valueFrom) implements HTTPHeaderBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public HTTPHeader {
        name = name == null ? "" : name;
    }
}
