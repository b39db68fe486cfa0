package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Container;
import org.jspecify.annotations.Nullable;

/** The container of an executor plugin. */
@ArgoType
public record ExecutorPluginSidecar(
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean automountServiceAccountToken,
        @Nullable Container container)
        implements ExecutorPluginSidecarBuilder.With {}
