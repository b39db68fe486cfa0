package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Volume;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.WorkflowSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a pod needs to know of its workflow.
 *
 * @param spec as it is executed: merged with the workflow template that it refers to, global variables filled in
 * @param repository where artifacts go that name no location of their own
 * @param claimVolumes volumes made from {@code spec.volumeClaimTemplates}
 */
public record WorkflowFacts(
        String namespace,
        String name,
        String uid,
        int shard,
        Instant createdAt,
        Map<String, String> labels,
        Map<String, String> annotations,
        WorkflowSpec spec,
        ArtifactRepository repository,
        List<Volume> claimVolumes) {
    public WorkflowFacts {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        claimVolumes = List.copyOf(claimVolumes);
    }

    /** The label that says to which of several installations in the cluster it belongs; empty for the one without an id. */
    Map<String, String> instance() {
        String id = labels.get(Names.LABEL_INSTANCE);
        return id == null ? Map.of() : Map.of(Names.LABEL_INSTANCE, id);
    }
}
