package io.tiphys.api;

import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several containers in one pod, ordered by their dependencies. */
@ArgoType
public record ContainerSetTemplate(
        List<ContainerNode> containers,
        List<VolumeMount> volumeMounts,
        @Nullable ContainerSetRetryStrategy retryStrategy)
        implements ContainerSetTemplateBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public ContainerSetTemplate {
        containers = Frozen.list(containers);
        volumeMounts = Frozen.list(volumeMounts);
    }
}
