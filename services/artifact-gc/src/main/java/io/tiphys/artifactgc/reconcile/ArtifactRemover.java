package io.tiphys.artifactgc.reconcile;

import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Outcome;
import java.util.List;

/** Takes artifacts out of their stores. */
public interface ArtifactRemover {
    /**
     * Deletes the objects of these artifacts; a directory goes with all that is below it. What isn't there counts as deleted.
     * One that can't be deleted doesn't keep the others.
     *
     * @return an outcome per deletion, in the same order; never throws for what a store says
     */
    List<Outcome> remove(List<Deletion> deletions);
}
