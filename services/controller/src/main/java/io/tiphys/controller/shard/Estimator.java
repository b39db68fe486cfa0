package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.engine.definition.Estimates;

/** Knows how long workflows of the same origin took: {@code estimatedDuration} (Argo: docs/estimated-duration.md). */
@FunctionalInterface
public interface Estimator {
    /** Nothing is known of anything. */
    Estimator NONE = _ -> Estimates.NONE;

    /**
     * From the latest succeeded workflow of the same template or schedule; {@link Estimates#NONE} if there is none or it can't be read:
     * an estimate is never worth a workflow's failure. Blocks; for virtual threads.
     */
    Estimates of(Workflow workflow) throws InterruptedException;
}
