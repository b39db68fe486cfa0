package io.tiphys.artifactgc.reconcile;

import io.tiphys.artifactgc.plan.Outcome;
import java.util.List;

/** Hears what became of deletions: for metrics and for {@code tiphys.artifact-events}. */
@FunctionalInterface
public interface GcListener {
    void finished(List<Outcome> outcomes);

    /** A round failed and is tried again after a wait. */
    default void triesAgain() {}
}
