package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.VolumeClaimGC;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import java.util.List;

/** {@code spec.volumeClaimTemplates}: each becomes a claim {@code <workflow>-<name>} that the workflow owns. */
public final class VolumeClaims {
    private VolumeClaims() {}

    public static List<PersistentVolumeClaim> claims(Workflow workflow) {
        return workflow.getSpec().volumeClaimTemplates().stream()
                .map(template -> new PersistentVolumeClaimBuilder(template)
                        .editOrNewMetadata()
                        .withName(claimName(
                                workflow.getMetadata().getName(),
                                template.getMetadata().getName()))
                        .withNamespace(workflow.getMetadata().getNamespace())
                        .addToLabels(
                                "workflows.argoproj.io/workflow",
                                workflow.getMetadata().getName())
                        .addNewOwnerReference()
                        .withApiVersion(ArgoResource.API_VERSION)
                        .withKind("Workflow")
                        .withName(workflow.getMetadata().getName())
                        .withUid(workflow.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .toList();
    }

    /** {@code spec.volumeClaimGC}: whether they go when the workflow comes into this phase (Argo: docs/walk-through/volumes.md). */
    static boolean areDeleted(WorkflowPhase phase, WorkflowSpec spec) {
        VolumeClaimGC gc = spec.volumeClaimGC();
        boolean onCompletion = gc != null && "OnWorkflowCompletion".equals(gc.strategy());
        return phase == WorkflowPhase.SUCCEEDED || (onCompletion && phase.isFulfilled());
    }

    static List<Volume> volumes(String workflowName, WorkflowSpec spec) {
        return spec.volumeClaimTemplates().stream()
                .map(template -> new VolumeBuilder()
                        .withName(template.getMetadata().getName())
                        .withNewPersistentVolumeClaim(
                                claimName(workflowName, template.getMetadata().getName()), false)
                        .build())
                .toList();
    }

    private static String claimName(String workflow, String template) {
        return workflow + "-" + template;
    }
}
