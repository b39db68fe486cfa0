package io.tiphys.controller.shard;

import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.locks.Standing;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.Shutdown;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One workflow on its shard's thread: knows whom what reaches it concerns ({@link TakingUp} until it has a run, then its
 * {@link RunDriver}, its pods, its agent, what follows from its status); {@link NodeNews} knows that of what is told of its nodes.
 */
final class WorkflowDriver {
    private final WorkflowRef ref;
    private final ShardContext shard;
    private final NodePods pods;
    private final AgentTasks agent;
    private final StatusProjection projection;
    private final Aftermath aftermath;
    private final WorkflowLocks locks;
    private final RunDriver run;
    private final TakingUp takingUp;
    private final UserCommands commands;
    private final NodeNews news;
    private final Retirement retirement;
    private final LatestObject object = new LatestObject();
    private final CommandInbox inbox = new CommandInbox();
    private final Reports reports = new Reports();

    WorkflowDriver(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
        this.pods = new NodePods(ref, shard);
        this.agent = new AgentTasks(ref, shard);
        this.projection = new StatusProjection(ref, shard, object);
        this.aftermath = new Aftermath(ref, shard);
        this.locks = new WorkflowLocks(ref, shard);
        this.run = new RunDriver(ref, shard, pods, agent, projection, locks, inbox, reports);
        this.takingUp = new TakingUp(ref, shard, run, pods, locks, inbox, projection, new Host());
        this.retirement = new Retirement(ref, shard, object, run, pods, projection, aftermath, inbox, reports);
        this.news = new NodeNews(ref, shard, run, pods, agent, reports, retirement::ifDone, takingUp::reload);
        this.commands = new UserCommands(ref, shard, run, takingUp, locks, inbox);
    }

    WorkflowRef ref() {
        return ref;
    }

    /** The run and what it goes by; null before the workflow is taken up. */
    @Nullable
    Active active() {
        return run.active();
    }

    /** Ids of the nodes whose pods were ordered and aren't known to be there. */
    Set<String> wantedPods() {
        return pods.wanted();
    }

    private final class Host implements TakingUp.Host {
        @Override
        public void activate(Active running) {
            run.activate(running);
            aftermath.activate(running);
        }

        @Override
        public void tell(PodObservation pod, Batch batch) {
            Active running = run.active();
            if (running != null) {
                news.tell(pod, running, batch);
            }
        }
    }

    // --- the object ---

    /** The object as the watch shows it. */
    void seen(Workflow workflow, int watchGeneration, Batch batch) {
        boolean isFirst = !object.isKnown();
        if (!object.see(workflow, watchGeneration)) {
            return;
        }
        if (run.active() == null) {
            takingUp.start(workflow, batch);
        } else {
            takingUp.compareSpec(workflow, batch);
            if (isFirst) {
                projection.isDue();
            }
        }
        aftermath.seen(workflow, batch);
        if (workflow.getMetadata().getDeletionTimestamp() != null && run.active() != null && !run.isFulfilled()) {
            run.step(new Input.ShutdownRequested(Shutdown.TERMINATE, shard.now()), batch);
        }
        retirement.ifDone(batch);
    }

    /** Once the workflow is over, and has no run here, hardly anybody asks for its object. */
    void packObject() {
        if (run.active() == null && shard.hasFinished(ref.uid())) {
            object.pack();
        }
    }

    /**
     * The object is gone: so is all that we keep of it.
     *
     * @return false if the journal has to be searched for what it holds of the workflow
     */
    boolean gone(Batch batch) {
        boolean isKnown = run.active() != null;
        String phase = run.phaseText();
        reports.clear();
        run.journal().erase(Optional.ofNullable(run.active()), batch);
        run.retire(); // what it was about to write is of no use
        forgotten();
        shard.timers().cancelAll(ref.uid());
        commands.giveUp(batch);
        batch.afterwards(locks::gone);
        batch.afterwards(() ->
                shard.announce(new WorkflowEvent(WorkflowEvent.Type.DELETED, ref, shard.now(), phase, null, null)));
        return isKnown;
    }

    /** This replica has no more to do with it. */
    void forgotten() {
        run.forgotten();
    }

    /** Whether the watches of this generation didn't find it, and it isn't here for a command that came before it. */
    boolean isUnseenBy(int watchGeneration) {
        return object.isUnseenBy(watchGeneration) && !inbox.hasWaiting();
    }

    void statusWritten(ShardInput.StatusWritten outcome, Batch batch) {
        String impossible = projection.written(outcome);
        Workflow written = outcome.workflow();
        if (written != null) {
            aftermath.statusWritten(written, batch);
        }
        if (impossible != null) {
            run.step(new Input.Rejected(WorkflowPhase.ERROR, impossible, shard.now()), batch);
            projection.isDue();
        }
        retirement.ifDone(batch);
    }

    void aftermathFailed(String failure) {
        aftermath.failed(failure);
    }

    // --- getting its run ---

    void prepared(Preparation.Outcome outcome, Batch batch) {
        if (run.active() != null) {
            takingUp.isOver();
            return;
        }
        Workflow known = object.get();
        if (known == null) {
            takingUp.tryAgainLater(); // the journal of a workflow that no watch has told of couldn't be read
            return;
        }
        takingUp.prepared(outcome, known, batch);
        if (run.active() != null) {
            inbox.takeWaiting().forEach(command -> command(command, batch));
        }
    }

    /** Builds the run from the journal; false if its records don't suffice. */
    boolean restore(JournaledRun journaled) {
        return takingUp.restore(journaled);
    }

    /** After restoring, when object and pods have been seen: what was lost in between is done again. */
    void carryOn(Batch batch) {
        Workflow known = object.get();
        if (known == null) {
            return;
        }
        boolean isOver = run.active() == null && shard.hasFinished(ref.uid());
        if (isOver && (pods.tidying().mayBeUntidy(known) || !showsEnding(known))) {
            batch.afterwards(takingUp::reload); // whoever finished it may not have got to its pods, or to its status
        }
        takingUp.carryOn(batch);
    }

    /** Whether the status is that of this end, and not of the one before a retry. */
    private boolean showsEnding(Workflow workflow) {
        Ending ending = shard.ending(ref.uid());
        return ending == null || StatusProjection.isStopped(workflow) || ending.isShownBy(workflow.getStatus());
    }

    /** The journal was read again, for a command, or because the status doesn't say yet that the workflow is over. */
    void reloaded(@Nullable JournaledRun journaled, Batch batch) {
        Workflow known = object.get();
        takingUp.isOver();
        if (run.active() != null) {
            return;
        }
        if (journaled != null && takingUp.restore(journaled)) {
            carryOn(batch);
            inbox.takeWaiting().forEach(command -> command(command, batch));
        } else if (known != null) {
            shard.forgetFinished(ref.uid());
            takingUp.start(known, batch); // ran under somebody else: its status says where to go on
        }
    }

    /** A node that was done when the workflow came to us: its end is told again instead of its pod being made again. */
    void adopted(NodeStatus node, Batch batch) {
        run.step(Adoption.inputs(node, shard.now()), batch);
    }

    // --- pods and reports ---

    /** What is told of its nodes. */
    NodeNews news() {
        return news;
    }

    /** A pod that nobody waits for any more could not be labelled or deleted. */
    void podUntidy(PodObservation pod, boolean deletes) {
        pods.tidying().failed(pod, deletes);
    }

    void cacheUnavailable(Command.LookUpCache look, int failures) {
        run.cacheUnavailable(look, failures);
    }

    void belongingsRefused(int failures) {
        run.belongingsRefused(failures);
    }

    void agentEnsured(@Nullable String failure, boolean isTransient) {
        agent.pod().ensured(failure, isTransient);
    }

    void tasksWritten(ShardInput.TasksWritten outcome) {
        agent.written(outcome);
    }

    /** Something that the engine asked for is there. */
    void observed(Input input, Batch batch) {
        run.step(input, batch);
    }

    // --- users ---

    void command(ShardInput.CommandArrived arrived, Batch batch) {
        if (run.active() == null) {
            takingUp.wake(batch);
        }
        boolean wasOver = run.isFulfilled();
        commands.take(arrived, batch);
        Workflow known = object.get();
        if (wasOver && run.active() != null && !run.isFulfilled() && known != null) {
            takingUp.reopened(known);
        }
    }

    // --- locks ---

    /** Somebody decided about locks that the workflow asked for. */
    void lockAnswered(LockMessage.Answered answer, Batch batch) {
        if (run.active() != null) {
            run.step(WorkflowLocks.toInput(answer, shard.now()), batch);
        }
    }

    /** All that is known of the workflow's wishes for locks. */
    void locksKnown(List<Standing> standing, Batch batch) {
        Active running = run.active();
        if (running == null || !object.isKnown()) {
            if (!standing.isEmpty() && !takingUp.isUnderWay() && isOver(object.get())) {
                batch.afterwards(locks::gone);
            }
            return;
        }
        locks.compare(standing, running, batch).forEach(answer -> lockAnswered(answer, batch));
        if (!WorkflowLocks.hasStarted(running.run()) && !locks.needsPermission()) {
            run.step(new Input.Started(shard.now()), batch);
        }
    }

    private static boolean isOver(@Nullable Workflow workflow) {
        return workflow != null && workflow.getStatus().phase().isFulfilled();
    }

    // --- time ---

    void timerFired(TimerKey key, Batch batch) {
        Workflow known = object.get();
        switch (key.purpose()) {
            case ENGINE -> run.step(new Input.TimerFired(key.detail(), shard.now()), batch);
            case AGENT -> {
                if (key.detail().equals(AgentTasks.WRITE)) {
                    agent.write();
                } else {
                    agent.pod().timerFired(key.detail());
                }
            }
            case STATUS -> projection.scheduleOrWrite();
            case AFTERMATH -> {
                if (known != null) {
                    aftermath.lookAgain(known, batch);
                }
            }
            case ENSURE_POD -> pods.ensureAgain(key.detail());
            case END_POD -> pods.endLeftOver(key.detail(), news.isOver(key.detail()));
            case TIDY_POD -> pods.tidying().tidyAgain(key.detail());
            case LOOK_UP_CACHE -> run.lookUpAgain(key.detail());
            case ENSURE_BELONGINGS -> run.ensureBelongings(Integer.parseInt(key.detail()));
            case TIME_TO_LIVE -> aftermath.timeIsUp(known);
            case COMMAND_EXPIRY -> commands.expired(batch);
            case RETRY_PREPARATION -> {
                takingUp.triesAgain();
                if (run.active() != null) {
                    return;
                }
                if (shard.hasFinished(ref.uid())) {
                    takingUp.reload(); // it was the journal that couldn't be read
                } else if (known != null) {
                    takingUp.start(known, batch);
                } else if (inbox.hasWaiting()) {
                    takingUp.reload();
                }
            }
        }
    }
}
