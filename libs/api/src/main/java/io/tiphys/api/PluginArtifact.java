package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** An artifact that a driver plugin stores. */
@ArgoType
public record PluginArtifact(
        @Nullable String name,
        @Nullable String configuration,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int connectionTimeoutSeconds,
        String key)
        implements PluginArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public PluginArtifact {
        key = key == null ? "" : key;
    }
}
