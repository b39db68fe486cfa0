package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.controller.kube.ResourceVersions;
import org.jspecify.annotations.Nullable;

/** The latest that is known of a workflow's object. Watches of different selectors, and what we wrote ourselves, don't come in order. */
final class LatestObject {
    private @Nullable Workflow object;
    private int generation;

    /** The object; null if nobody has shown it yet. */
    @Nullable
    Workflow get() {
        return object;
    }

    /** Takes what a watch of this generation shows; false if it is older than what is known. */
    boolean see(Workflow workflow, int watchGeneration) {
        generation = Math.max(generation, watchGeneration);
        return take(workflow);
    }

    /** Takes what is the answer to a write; false if it is older than what is known. */
    boolean take(Workflow workflow) {
        boolean isOutdated = object != null
                && ResourceVersions.isLater(
                        object.getMetadata().getResourceVersion(),
                        workflow.getMetadata().getResourceVersion());
        if (!isOutdated) {
            object = workflow;
        }
        return !isOutdated;
    }

    /** Whether the watches of this generation didn't find it. */
    boolean isUnseenBy(int watchGeneration) {
        return generation < watchGeneration;
    }
}
