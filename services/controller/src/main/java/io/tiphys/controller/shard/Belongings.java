package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tiphys.api.Workflow;
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

    /** Makes what isn't there. Blocks its caller, a virtual thread. */
    void ensure(WorkflowGateway workflows) throws InterruptedException {
        workflows.ensureVolumeClaims(claims);
        if (budget.isPresent()) {
            workflows.ensureDisruptionBudget(budget.get());
        }
    }
}
