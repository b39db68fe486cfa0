package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpecBuilder;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.Workflow;
import io.tiphys.pods.Names;
import java.util.Map;
import java.util.Optional;

/** {@code spec.podDisruptionBudget}: an object of the workflow's name for its pods, while it runs. */
final class DisruptionBudget {
    private DisruptionBudget() {}

    /**
     * The object; empty if the workflow wants none.
     *
     * @param workflow with the spec that is executed
     */
    static Optional<PodDisruptionBudget> of(Workflow workflow) {
        PodDisruptionBudgetSpec spec = workflow.getSpec().podDisruptionBudget();
        if (spec == null) {
            return Optional.empty();
        }
        var meta = workflow.getMetadata();
        Map<String, String> labels = Map.of(Names.LABEL_WORKFLOW, meta.getName());
        PodDisruptionBudgetSpecBuilder wanted = new PodDisruptionBudgetSpecBuilder(spec);
        if (spec.getSelector() == null) {
            wanted.withSelector(
                    new LabelSelectorBuilder().withMatchLabels(labels).build());
        }
        return Optional.of(new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withLabels(labels)
                .addNewOwnerReference()
                .withApiVersion(ArgoResource.API_VERSION)
                .withKind("Workflow")
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(wanted.build())
                .build());
    }
}
