package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A workflow that a cron workflow started, as far as planning wants to know it. */
record Child(
        ObjectReference reference,
        WorkflowPhase phase,
        @Nullable Instant finishedAt,
        boolean shutsDown) {

    static Child of(Workflow workflow) {
        ObjectMeta metadata = workflow.getMetadata();
        String shutdown = workflow.getSpec().shutdown();
        return new Child(
                new ObjectReferenceBuilder()
                        .withApiVersion(ArgoResource.API_VERSION)
                        .withKind("Workflow")
                        .withNamespace(metadata.getNamespace())
                        .withName(metadata.getName())
                        .withUid(metadata.getUid())
                        .withResourceVersion(metadata.getResourceVersion())
                        .build(),
                workflow.getStatus().phase(),
                workflow.getStatus().finishedAt(),
                shutdown != null && !shutdown.isEmpty());
    }

    /** Whether the cron workflow controls this workflow; its label alone (a backfill has it) doesn't make it a child. */
    static boolean isOf(CronWorkflow cron, Workflow workflow) {
        for (OwnerReference owner : workflow.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(owner.getController())
                    && owner.getUid().equals(cron.getMetadata().getUid())) {
                return true;
            }
        }
        return false;
    }

    String name() {
        return reference.getName();
    }

    boolean isRunning() {
        return !phase.isFulfilled();
    }
}
