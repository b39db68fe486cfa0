package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.messages.WorkflowRef;

/** Lets go of a run that is over and of which all is done, said and written; the journal has it for a retry. */
final class Retirement {
    private final WorkflowRef ref;
    private final ShardContext shard;
    private final LatestObject object;
    private final RunDriver run;
    private final NodePods pods;
    private final StatusProjection projection;
    private final Aftermath aftermath;
    private final CommandInbox inbox;
    private final Reports reports;

    Retirement(
            WorkflowRef ref,
            ShardContext shard,
            LatestObject object,
            RunDriver run,
            NodePods pods,
            StatusProjection projection,
            Aftermath aftermath,
            CommandInbox inbox,
            Reports reports) {
        this.ref = ref;
        this.shard = shard;
        this.object = object;
        this.run = run;
        this.pods = pods;
        this.projection = projection;
        this.aftermath = aftermath;
        this.inbox = inbox;
        this.reports = reports;
    }

    /** Looks, after what is being dealt with, whether it is time. */
    void ifDone(Batch batch) {
        Workflow known = object.get();
        if (run.isFulfilled() && known != null && aftermath.isDone(known)) {
            batch.afterwards(this::retire);
        }
    }

    private void retire() {
        Active running = run.active();
        boolean isDone = run.isFulfilled()
                && run.isWritten()
                && projection.isIdle()
                && pods.tidying().isTidy()
                && !inbox.hasWaiting();
        if (running != null && isDone) {
            run.rest();
            reports.clear();
            aftermath.retire();
            shard.rememberFinished(ref, running.ending());
            object.pack();
        }
    }
}
