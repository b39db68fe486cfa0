package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One building block of a workflow. Exactly one of the type fields ({@code container}, {@code script}, {@code containerSet}, {@code steps}, {@code dag}, {@code suspend}, {@code http}, {@code data}, {@code resource}, {@code plugin}) is set in a valid one. */
@ArgoType
public record Template(
        @Nullable String name,
        Inputs inputs,
        Outputs outputs,
        Map<String, String> nodeSelector,
        @Nullable Affinity affinity,
        Metadata metadata,
        @Nullable Boolean daemon,
        List<List<WorkflowStep>> steps,
        @Nullable Container container,
        @Nullable ContainerSetTemplate containerSet,
        @Nullable ScriptTemplate script,
        @Nullable ResourceTemplate resource,
        @Nullable DAGTemplate dag,
        @Nullable SuspendTemplate suspend,
        @Nullable Data data,
        @Nullable HTTP http,
        @Nullable JsonNode plugin,
        List<Volume> volumes,
        List<UserContainer> initContainers,
        List<UserContainer> sidecars,
        @Nullable ArtifactLocation archiveLocation,
        @Nullable IntOrString activeDeadlineSeconds,
        @Nullable RetryStrategy retryStrategy,
        @Nullable Long parallelism,
        @Nullable Boolean failFast,
        List<Toleration> tolerations,
        @Nullable String schedulerName,
        @Nullable String priorityClassName,
        @Nullable String serviceAccountName,
        @Nullable Boolean automountServiceAccountToken,
        @Nullable ExecutorConfig executor,
        List<HostAlias> hostAliases,
        @Nullable PodSecurityContext securityContext,
        @Nullable String podSpecPatch,
        @Nullable Metrics metrics,
        @Nullable Synchronization synchronization,
        @Nullable Memoize memoize,
        @Nullable String timeout,
        Map<String, String> annotations,
        @Nullable String pendingTimeout,
        @Nullable ResourceRequirements podResources,
        List<PodResourceClaim> resourceClaims)
        implements TemplateBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Template {
        inputs = inputs == null ? Inputs.NONE : inputs;
        outputs = outputs == null ? Outputs.NONE : outputs;
        nodeSelector = Frozen.map(nodeSelector);
        metadata = metadata == null ? Metadata.NONE : metadata;
        container = container == null ? null : Frozen.container(container);
        steps = Frozen.list(steps).stream().map(Frozen::list).toList();
        volumes = Frozen.list(volumes);
        initContainers = Frozen.list(initContainers);
        sidecars = Frozen.list(sidecars);
        tolerations = Frozen.list(tolerations);
        hostAliases = Frozen.list(hostAliases);
        annotations = Frozen.map(annotations);
        resourceClaims = Frozen.list(resourceClaims);
    }

    /** What it does. */
    public TemplateType type() {
        return TemplateType.of(this);
    }
}
