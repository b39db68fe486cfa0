package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Run;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what a workflow needs before its first step: templates, ConfigMaps, artifact repository, volume claims. */
public interface Preparation {

    /**
     * Blocks on the API server; called on a virtual thread.
     *
     * @param shard that the workflow belongs to
     */
    Outcome prepare(Workflow workflow, int shard) throws InterruptedException;

    /**
     * What somebody else left who ran the workflow so far.
     *
     * @param run where it stands; the caller's from now on
     * @param podNodeIds ids of the nodes that have a pod
     */
    record Inheritance(Run run, Set<String> podNodeIds) {
        public Inheritance {
            podNodeIds = Set.copyOf(podNodeIds);
        }
    }

    /** How it ended. */
    sealed interface Outcome {
        /**
         * It may run.
         *
         * @param inherited where it stands already; null if it is to start
         */
        record Ready(Definition definition, @Nullable Inheritance inherited) implements Outcome {}

        /**
         * The workflow can't run as it is.
         *
         * @param phase what it ends as
         * @param message for the user
         */
        record Invalid(Definition definition, WorkflowPhase phase, String message) implements Outcome {
            /** Argo: what is wrong with a spec fails the workflow. */
            Invalid(Definition definition, String message) {
                this(definition, WorkflowPhase.FAILED, message);
            }
        }

        /** Something is away; to be tried again. */
        record Unavailable(String message) implements Outcome {}
    }
}
