package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;

/** Gathers what a workflow needs before its first step: templates, ConfigMaps, artifact repository, volume claims. */
public interface Preparation {

    /** Blocks on the API server; called on a virtual thread. */
    Outcome prepare(Workflow workflow) throws InterruptedException;

    /** How it ended. */
    sealed interface Outcome {
        record Ready(Definition definition) implements Outcome {}

        /**
         * The workflow can't run as it is.
         *
         * @param message for the user
         */
        record Invalid(Definition definition, String message) implements Outcome {}

        /** Something is away; to be tried again. */
        record Unavailable(String message) implements Outcome {}
    }
}
