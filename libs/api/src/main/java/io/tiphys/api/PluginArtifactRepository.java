package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** An artifact driver plugin for artifacts without a location of their own. */
@ArgoType
public record PluginArtifactRepository(
        String name, @Nullable String keyFormat, String configuration) implements PluginArtifactRepositoryBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public PluginArtifactRepository {
        name = name == null ? "" : name;
        configuration = configuration == null ? "" : configuration;
    }
}
