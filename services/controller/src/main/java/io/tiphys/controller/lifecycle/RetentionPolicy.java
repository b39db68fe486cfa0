package io.tiphys.controller.lifecycle;

import io.tiphys.api.WorkflowPhase;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many finished workflows are kept of each phase, Argo's {@code retentionPolicy}. Where Argo takes a number that isn't given for 0
 * and deletes all of that phase as soon as another one is given, nothing is deleted here.
 *
 * @param completed of phase Succeeded
 * @param failed of phase Failed
 * @param errored of phase Error
 */
public record RetentionPolicy(OptionalInt completed, OptionalInt failed, OptionalInt errored) {

    /** A finished workflow, as far as this is concerned. */
    public record Finished(String namespace, String name, String uid, Instant createdAt) {}

    /** How many may stay; empty for all. */
    public OptionalInt most(WorkflowPhase phase) {
        return switch (phase) {
            case SUCCEEDED -> completed;
            case FAILED -> failed;
            case ERROR -> errored;
            case UNKNOWN, PENDING, RUNNING -> OptionalInt.empty();
        };
    }

    public boolean isAny() {
        return completed.isPresent() || failed.isPresent() || errored.isPresent();
    }

    /** Those that must go: the oldest that are too many. */
    public List<Finished> surplus(WorkflowPhase phase, Collection<Finished> present) {
        OptionalInt most = most(phase);
        if (most.isEmpty() || present.size() <= most.getAsInt()) {
            return List.of();
        }
        return present.stream()
                .sorted(Comparator.comparing(Finished::createdAt)
                        .thenComparing(Finished::namespace)
                        .thenComparing(Finished::name))
                .limit(present.size() - most.getAsInt())
                .toList();
    }
}
