package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which of several installations in a cluster this is, Argo's {@code instanceID}: it sees only what bears its id as a label or, without
 * an id, only what bears none (Argo: docs/scaling.md).
 */
public record Instance(Optional<String> id) {
    /** The only installation, or the one for all that names no other. */
    public static final Instance ANY = new Instance(Optional.empty());

    static final String LABEL = "workflows.argoproj.io/controller-instanceid";

    public boolean owns(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return Objects.equals(labels == null ? null : labels.get(LABEL), id.orElse(null));
    }

    /** As a label selector. */
    String selector() {
        return id.map(value -> LABEL + "=" + value).orElse("!" + LABEL);
    }

    /** Only those that are ours. */
    public <T extends HasMetadata, L, R extends Resource<T>> FilterWatchListDeletable<T, L, R> select(
            FilterWatchListDeletable<T, L, R> all) {
        return id.isPresent() ? all.withLabel(LABEL, id.get()) : all.withoutLabel(LABEL);
    }
}
