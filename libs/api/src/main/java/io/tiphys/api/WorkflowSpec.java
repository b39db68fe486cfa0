package io.tiphys.api;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a workflow shall do: its templates, where to start, and the rules that hold for the whole run. */
@ArgoType
public record WorkflowSpec(
        List<Template> templates,
        @Nullable String entrypoint,
        Arguments arguments,
        @Nullable String serviceAccountName,
        @Nullable Boolean automountServiceAccountToken,
        @Nullable ExecutorConfig executor,
        List<Volume> volumes,
        List<PersistentVolumeClaim> volumeClaimTemplates,
        @Nullable Long parallelism,
        @Nullable ArtifactRepositoryRef artifactRepositoryRef,
        @Nullable Boolean suspend,
        Map<String, String> nodeSelector,
        @Nullable Affinity affinity,
        List<Toleration> tolerations,
        List<LocalObjectReference> imagePullSecrets,
        @Nullable Boolean hostNetwork,
        @Nullable String dnsPolicy,
        @Nullable PodDNSConfig dnsConfig,
        @Nullable String onExit,
        @Nullable TTLStrategy ttlStrategy,
        @Nullable Long activeDeadlineSeconds,
        @Nullable Integer priority,
        @Nullable String schedulerName,
        @Nullable PodGC podGC,
        @Nullable String podPriorityClassName,
        List<HostAlias> hostAliases,
        @Nullable PodSecurityContext securityContext,
        @Nullable String podSpecPatch,
        @Nullable PodDisruptionBudgetSpec podDisruptionBudget,
        @Nullable Metrics metrics,
        @Nullable String shutdown,
        @Nullable WorkflowTemplateRef workflowTemplateRef,
        @Nullable Synchronization synchronization,
        @Nullable VolumeClaimGC volumeClaimGC,
        @Nullable RetryStrategy retryStrategy,
        @Nullable Metadata podMetadata,
        @Nullable Template templateDefaults,
        @Nullable Boolean archiveLogs,
        Map<String, LifecycleHook> hooks,
        @Nullable WorkflowMetadata workflowMetadata,
        @Nullable WorkflowLevelArtifactGC artifactGC,
        List<ExecutorPlugin> executorPlugins,
        @Nullable ResourceRequirements podResources,
        List<PodResourceClaim> resourceClaims)
        implements WorkflowSpecBuilder.With {
    /** Nothing given. */
    public static final WorkflowSpec NONE = WorkflowSpecBuilder.builder().build();

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public WorkflowSpec {
        templates = Frozen.list(templates);
        arguments = arguments == null ? Arguments.NONE : arguments;
        volumes = Frozen.list(volumes);
        volumeClaimTemplates = Frozen.list(volumeClaimTemplates);
        nodeSelector = Frozen.map(nodeSelector);
        tolerations = Frozen.list(tolerations);
        imagePullSecrets = Frozen.list(imagePullSecrets);
        hostAliases = Frozen.list(hostAliases);
        hooks = Frozen.map(hooks);
        executorPlugins = Frozen.list(executorPlugins);
        resourceClaims = Frozen.list(resourceClaims);
    }
}
