package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowSpec;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The workflow that a cron workflow starts for one time. Its name is made of that time, so that there can be only one. */
final class ChildWorkflow {
    static final String LABEL_CRON = "workflows.argoproj.io/cron-workflow";
    private static final String ANNOTATION_TIME = "workflows.argoproj.io/scheduled-time";
    private static final List<String> TAKEN_OVER = List.of(
            "workflows.argoproj.io/creator",
            "workflows.argoproj.io/creator-email",
            "workflows.argoproj.io/creator-preferred-username",
            "workflows.argoproj.io/controller-instanceid");

    private ChildWorkflow() {}

    static String name(CronWorkflow cron, Instant scheduled) {
        return cron.getMetadata().getName() + "-" + scheduled.getEpochSecond();
    }

    static Workflow of(CronWorkflow cron, Instant scheduled) {
        CronWorkflowSpec spec = cron.getSpec();
        ObjectMeta own = cron.getMetadata();
        ObjectMeta extra = Optional.ofNullable(spec.workflowMetadata()).orElseGet(ObjectMeta::new);
        Map<String, String> ownLabels = Optional.ofNullable(own.getLabels()).orElse(Map.of());
        ObjectMetaBuilder meta = new ObjectMetaBuilder()
                .withName(name(cron, scheduled))
                .withNamespace(own.getNamespace())
                .addToAnnotations(ANNOTATION_TIME, scheduled.toString())
                .addToAnnotations(extra.getAnnotations())
                .withFinalizers(extra.getFinalizers())
                .addNewOwnerReference()
                .withApiVersion(ArgoResource.API_VERSION)
                .withKind("CronWorkflow")
                .withName(own.getName())
                .withUid(own.getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference();
        for (String key : TAKEN_OVER) {
            if (ownLabels.containsKey(key)) {
                meta.addToLabels(key, ownLabels.get(key));
            }
        }
        meta.addToLabels(LABEL_CRON, own.getName()).addToLabels(extra.getLabels());
        return new Workflow(
                meta.build(), Optional.ofNullable(spec.workflowSpec()).orElse(WorkflowSpec.NONE));
    }
}
