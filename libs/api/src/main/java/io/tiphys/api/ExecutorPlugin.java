package io.tiphys.api;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** A plugin sidecar that this workflow brings along. */
@ArgoType
public record ExecutorPlugin(
        @Nullable ObjectMeta metadata, @Nullable ExecutorPluginSpec spec) implements ExecutorPluginBuilder.With {}
