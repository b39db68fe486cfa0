package io.tiphys.controller.shard;

import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.engine.Run;

/** A workflow that has been taken up: what it runs by, and its run. */
record Active(Definition definition, Run run) {

    /** The spec that is executed: the workflow's own over that of the template it instantiates. */
    WorkflowSpec spec() {
        return run.definition().spec();
    }

    /** How the run, which is over, ended. */
    Ending ending() {
        return new Ending(run.phase(), run.finishedAt());
    }
}
