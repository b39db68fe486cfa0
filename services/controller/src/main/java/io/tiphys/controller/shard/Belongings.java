package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.Workflow;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.WorkflowGateway;
import java.util.List;
import java.util.Optional;

/**
 * The objects that a workflow owns while it runs: its volume claims, its pod disruption budget. They are made before its first pod, and
 * again when a retry undoes the end that they went with.
 */
record Belongings(List<PersistentVolumeClaim> claims, Optional<PodDisruptionBudget> budget) {

    /**
     * Those of a workflow.
     *
     * @param workflow with the spec that is executed
     */
    Belongings(Workflow workflow) {
        this(VolumeClaims.claims(workflow), DisruptionBudget.of(workflow));
    }

    boolean isEmpty() {
        return claims.isEmpty() && budget.isEmpty();
    }

    /**
     * Makes what isn't there. Blocks its caller, a virtual thread.
     *
     * @return what makes no sense of it, in Argo's words; empty if nothing
     */
    Optional<String> ensure(WorkflowGateway workflows) throws InterruptedException {
        try {
            workflows.ensureVolumeClaims(claims);
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) == ApiFailure.PERMANENT) {
                return Optional.of("pvc create error: " + ApiFailure.reason(e));
            }
            throw e;
        }
        if (budget.isPresent()) {
            workflows.ensureDisruptionBudget(budget.get());
        }
        return Optional.empty();
    }
}
