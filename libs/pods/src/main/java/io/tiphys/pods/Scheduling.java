package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.tiphys.api.ExecutorConfig;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.Command.EnsurePod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a pod's spec that isn't containers and volumes: where it runs, as whom, for how long. The template's word
 * counts first, for constraints then that of the enclosing steps or dag template, then the workflow's.
 */
final class Scheduling {
    private static final String HOST_NAME = "kubernetes.io/hostname";

    private Scheduling() {}

    static PodSpecBuilder of(EnsurePod wish, WorkflowSpec workflow) {
        Template template = wish.template();
        Template boundary = wish.boundaryTemplate();
        PodSpecBuilder spec = new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds(EmissaryCommand.isToPause(template) ? null : wish.activeDeadlineSeconds())
                .withServiceAccountName(serviceAccount(template, workflow))
                .withAutomountServiceAccountToken(automount(template, workflow))
                .withSecurityContext(first(template.securityContext(), workflow.securityContext()))
                .withSchedulerName(first(template.schedulerName(), workflow.schedulerName()))
                .withPriorityClassName(first(template.priorityClassName(), workflow.podPriorityClassName()))
                .withHostNetwork(workflow.hostNetwork())
                .withDnsPolicy(workflow.dnsPolicy())
                .withDnsConfig(workflow.dnsConfig())
                .withImagePullSecrets(workflow.imagePullSecrets())
                .withHostAliases(hostAliases(template, workflow))
                .withNodeSelector(nodeSelector(template, boundary, workflow))
                .withTolerations(tolerations(template, boundary, workflow))
                .withAffinity(avoiding(wish.hostsToAvoid(), affinity(template, boundary, workflow)))
                .withResources(first(template.podResources(), workflow.podResources()));
        var claims = template.resourceClaims().isEmpty() ? workflow.resourceClaims() : template.resourceClaims();
        return spec.withResourceClaims(claims);
    }

    /** Where no executor keeps the deadline, the kubelet does. */
    static @Nullable Long activeDeadlineSeconds(EnsurePod wish, Instant now) {
        Long own = wish.activeDeadlineSeconds();
        if (wish.deadline() == null) {
            return own;
        }
        long left = Math.max(1, Duration.between(now, wish.deadline()).toSeconds());
        return own == null ? left : Math.min(own, left);
    }

    private static <T> @Nullable T first(@Nullable T template, @Nullable T workflow) {
        return template != null ? template : workflow;
    }

    /**
     * In a resource pod main is the executor, so the executor's service account is the pod's. Elsewhere our executor talks to no API server
     * and needs none.
     */
    private static @Nullable String serviceAccount(Template template, WorkflowSpec workflow) {
        String ofExecutor = executorServiceAccount(template, workflow);
        return ofExecutor != null ? ofExecutor : first(template.serviceAccountName(), workflow.serviceAccountName());
    }

    private static @Nullable Boolean automount(Template template, WorkflowSpec workflow) {
        return executorServiceAccount(template, workflow) != null
                ? null
                : first(template.automountServiceAccountToken(), workflow.automountServiceAccountToken());
    }

    private static @Nullable String executorServiceAccount(Template template, WorkflowSpec workflow) {
        if (template.resource() == null) {
            return null;
        }
        ExecutorConfig executor = first(template.executor(), workflow.executor());
        return executor == null ? null : executor.serviceAccountName();
    }

    private static List<HostAlias> hostAliases(Template template, WorkflowSpec workflow) {
        List<HostAlias> aliases = new ArrayList<>(workflow.hostAliases());
        aliases.addAll(template.hostAliases());
        return aliases;
    }

    private static Map<String, String> nodeSelector(
            Template template, @Nullable Template boundary, WorkflowSpec workflow) {
        if (!template.nodeSelector().isEmpty()) {
            return template.nodeSelector();
        }
        return boundary != null && !boundary.nodeSelector().isEmpty()
                ? boundary.nodeSelector()
                : workflow.nodeSelector();
    }

    private static List<Toleration> tolerations(Template template, @Nullable Template boundary, WorkflowSpec workflow) {
        if (!template.tolerations().isEmpty()) {
            return template.tolerations();
        }
        return boundary != null && !boundary.tolerations().isEmpty() ? boundary.tolerations() : workflow.tolerations();
    }

    private static @Nullable Affinity affinity(Template template, @Nullable Template boundary, WorkflowSpec workflow) {
        if (template.affinity() != null) {
            return template.affinity();
        }
        return boundary != null && boundary.affinity() != null ? boundary.affinity() : workflow.affinity();
    }

    /** Adds "not on these hosts" to every required node selector term, or as the only one. */
    private static @Nullable Affinity avoiding(List<String> hosts, @Nullable Affinity affinity) {
        if (hosts.isEmpty()) {
            return affinity;
        }
        NodeSelectorRequirement elsewhere = new NodeSelectorRequirementBuilder()
                .withKey(HOST_NAME)
                .withOperator("NotIn")
                .withValues(hosts)
                .build();
        List<NodeSelectorTerm> terms = requiredTerms(affinity).stream()
                .map(term -> new NodeSelectorTermBuilder(term)
                        .addToMatchExpressions(elsewhere)
                        .build())
                .toList();
        return (affinity == null ? new AffinityBuilder() : new AffinityBuilder(affinity))
                .editOrNewNodeAffinity()
                .editOrNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withNodeSelectorTerms(terms)
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .build();
    }

    private static List<NodeSelectorTerm> requiredTerms(@Nullable Affinity affinity) {
        if (affinity == null || affinity.getNodeAffinity() == null) {
            return List.of(new NodeSelectorTerm());
        }
        var required = affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        return required == null || required.getNodeSelectorTerms().isEmpty()
                ? List.of(new NodeSelectorTerm())
                : required.getNodeSelectorTerms();
    }
}
