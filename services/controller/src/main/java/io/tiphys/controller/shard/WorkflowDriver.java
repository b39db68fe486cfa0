package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
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
import io.tiphys.engine.Node;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.task.TaskMachine;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One workflow on its shard's thread: knows whom what reaches it concerns ({@link TakingUp} until it has a run, then its
 * {@link RunDriver}, its pods, its agent, what follows from its status).
 */
final class WorkflowDriver {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowDriver.class);

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
    private final CommandInbox inbox = new CommandInbox();
    private final Reports reports = new Reports();

    private @Nullable Workflow object;
    private int generation;

    WorkflowDriver(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
        this.pods = new NodePods(ref, shard);
        this.agent = new AgentTasks(ref, shard);
        this.projection = new StatusProjection(ref, shard);
        this.aftermath = new Aftermath(ref, shard);
        this.locks = new WorkflowLocks(ref, shard);
        this.run = new RunDriver(ref, shard, pods, agent, projection, locks, inbox, reports);
        this.takingUp = new TakingUp(ref, shard, run, pods, locks, inbox, projection, new Host());
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
                WorkflowDriver.this.tell(pod, running, batch);
            }
        }
    }

    // --- the object ---

    /** The object as the watch shows it. */
    void seen(Workflow workflow, int watchGeneration, Batch batch) {
        generation = Math.max(generation, watchGeneration);
        boolean isFirst = object == null;
        object = workflow;
        projection.seen(workflow);
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
        retireIfDone(batch);
    }

    /** Lets go of a run that is over and of which all is done, said and written; the journal has it for a retry. */
    private void retireIfDone(Batch batch) {
        if (run.isFulfilled() && object != null && aftermath.isDone(object)) {
            batch.afterwards(this::retire);
        }
    }

    private void retire() {
        Active running = run.active();
        boolean isDone =
                run.isFulfilled() && run.isWritten() && projection.isIdle() && pods.isTidy() && !inbox.hasWaiting();
        if (running != null && isDone) {
            run.retire();
            reports.clear();
            aftermath.retire();
            shard.rememberFinished(ref, running.ending());
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
        return generation < watchGeneration && !inbox.hasWaiting();
    }

    void statusWritten(ShardInput.StatusWritten outcome, Batch batch) {
        String impossible = projection.written(outcome);
        Workflow written = outcome.workflow();
        if (written != null) {
            object = written;
            aftermath.statusWritten(written, batch);
        }
        if (impossible != null) {
            run.step(new Input.Rejected(WorkflowPhase.ERROR, impossible, shard.now()), batch);
            projection.isDue();
        }
        retireIfDone(batch);
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
        if (object == null) {
            takingUp.tryAgainLater(); // the journal of a workflow that no watch has told of couldn't be read
            return;
        }
        takingUp.prepared(outcome, object, batch);
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
        if (object == null) {
            return;
        }
        boolean isOver = run.active() == null && shard.hasFinished(ref.uid());
        if (isOver && (pods.mayBeUntidy(object) || !showsEnding(object))) {
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
        takingUp.isOver();
        if (run.active() != null) {
            return;
        }
        if (journaled != null && takingUp.restore(journaled)) {
            carryOn(batch);
            inbox.takeWaiting().forEach(command -> command(command, batch));
        } else if (object != null) {
            shard.forgetFinished(ref.uid());
            takingUp.start(object, batch); // ran under somebody else: its status says where to go on
        }
    }

    /** A node that was done when the workflow came to us: its end is told again instead of its pod being made again. */
    void adopted(NodeStatus node, Batch batch) {
        run.step(Adoption.inputs(node, shard.now()), batch);
    }

    // --- pods ---

    void observed(PodObservation pod, int watchGeneration, Batch batch) {
        Active running = run.active();
        if (agent.pod().is(pod)) {
            agent.observed(pod, watchGeneration, running != null && !run.isFulfilled());
            return;
        }
        if (running != null && NodePods.isOutlived(pod, running)) {
            return;
        }
        if (!pod.hasEnded() && isOver(pod.nodeId())) {
            pods.seeToItsEnd(pod.nodeId());
        }
        if (pods.isNews(pod, watchGeneration) && running != null) {
            tell(pod, running, batch);
        }
    }

    private void tell(PodObservation pod, Active running, Batch batch) {
        if (!isMadeAgain(pod, running, batch)) {
            run.step(new Input.PodObserved(pod.nodeId(), pod.facts(), shard.now()), batch);
            reports.seen(pod.nodeId(), pod.podUid(), batch).forEach(result -> report(result, batch));
            run.tidy(pod.nodeId(), batch);
            retireIfDone(batch);
        }
    }

    /** A pod that the cluster gave up before it began goes, and is ordered anew, where the operator wants that. */
    private boolean isMadeAgain(PodObservation pod, Active running, Batch batch) {
        Node node = running.run().node(pod.nodeId());
        if (node == null || node.isFinal()) {
            return false;
        }
        boolean isKnown = pod.podUid().equals(node.restartedPod());
        if (!isKnown && !shard.services().settings().restarts().applies(pod.facts(), node.podRestarts())) {
            return false;
        }
        String reason = pod.facts().reason() == null ? "" : pod.facts().reason();
        String message = pod.facts().message() == null ? "" : pod.facts().message();
        pods.dismiss(pod);
        reports.replaced(pod.nodeId());
        batch.afterwards(() -> pods.delete(pod));
        if (isKnown) {
            run.repeatOrder(pod.nodeId(), batch); // it was decided before, but not done
        } else {
            if (!node.isPodSeen()) {
                run.step(new Input.PodObserved(pod.nodeId(), pod.facts().asPending(), shard.now()), batch);
            }
            run.step(
                    new Input.PodRestarted(
                            pod.nodeId(),
                            pod.podUid(),
                            "Pod auto-restarting due to " + reason + ": " + message,
                            shard.now()),
                    batch);
            batch.afterwards(() -> run.measures().podRestarted(reason, message));
        }
        return true;
    }

    /** Whether nobody waits for what the node's pod does. */
    private boolean isOver(String nodeId) {
        Active running = run.active();
        if (running == null) {
            return shard.hasFinished(ref.uid());
        }
        Node node = running.run().node(nodeId);
        return node == null || node.isFinal();
    }

    void podGone(PodObservation last, Batch batch) {
        if (agent.pod().is(last)) {
            agent.pod().gone(last);
            return;
        }
        boolean isMissed = pods.forget(last);
        Active running = run.active();
        if (running == null) {
            return;
        }
        pods.ensureAgain(last.nodeId()); // its successor may have been waiting for the name
        if (!isMissed && isWithoutPod(last.nodeId(), running)) {
            run.repeatOrder(last.nodeId(), batch); // what was to go first was taken for what was ordered
        }
        if (!isMissed || NodePods.isOutlived(last, running)) {
            return;
        }
        Node missed = running.run().node(last.nodeId());
        if (missed != null && !missed.isFinal() && !last.hasEnded()) {
            run.measures().podMissing(missed);
        }
        if (last.hasEnded()) {
            run.step(new Input.PodObserved(last.nodeId(), last.facts(), shard.now()), batch);
        }
        run.step(new Input.PodObserved(last.nodeId(), last.gone().facts(), shard.now()), batch);
    }

    private boolean isWithoutPod(String nodeId, Active running) {
        Node node = running.run().node(nodeId);
        boolean isAwaited = node != null && !node.isFinal() && !node.isPodSeen();
        return isAwaited && !pods.isWanted(nodeId) && pods.podUid(nodeId) == null;
    }

    /** The watches have told all: pods that only earlier generations saw are gone. */
    void synced(int watchGeneration, Batch batch) {
        for (PodObservation pod : pods.unseenBy(watchGeneration)) {
            podGone(pod, batch);
        }
        agent.pod().synced(watchGeneration);
    }

    void podEnsured(String nodeId, Batch batch) {
        pods.ensured(nodeId).ifPresent(pod -> {
            Active running = run.active();
            if (running != null && !NodePods.isOutlived(pod, running)) {
                tell(pod, running, batch);
            }
        });
    }

    void podRefused(String nodeId, String message, boolean isTransient, Batch batch) {
        if (!pods.isWanted(nodeId) || run.active() == null) {
            return;
        }
        pods.refused(nodeId, message, isTransient);
        run.step(new Input.PodCreationRefused(nodeId, message, isTransient, shard.now()), batch);
    }

    /** A pod that nobody waits for any more could not be labelled or deleted. */
    void podUntidy(PodObservation pod, boolean deletes) {
        pods.untidy(pod, deletes);
    }

    void cacheUnavailable(Command.LookUpCache look, int failures) {
        run.cacheUnavailable(look, failures);
    }

    // --- results and tasks ---

    /**
     * Somebody reported about a node.
     *
     * @param processed for later, if the report is kept until its pod is seen
     * @return whether it is kept
     */
    boolean keeps(TaskResult result, Runnable processed, Batch batch) {
        Active running = run.active();
        if (running == null || !mayReport(result)) {
            return false;
        }
        Node node = running.run().node(result.nodeId());
        if (!agent.pod().isNamed(result.podName()) && !reports.counts(result, node)) {
            boolean isAwaited = node != null && !node.isFinal();
            if (isAwaited) {
                reports.park(result, processed);
            }
            return isAwaited;
        }
        report(result, batch);
        return false;
    }

    private void report(TaskResult result, Batch batch) {
        TaskResults.toInput(result, shard.now())
                .ifPresentOrElse(
                        input -> {
                            run.step(input, batch);
                            run.tidy(result.nodeId(), batch);
                        },
                        () -> LOG.warn("task result of node {} has outputs that can't be read", result.nodeId()));
    }

    /** The agent speaks for HTTP and plugin nodes, and only it does. */
    private boolean mayReport(TaskResult result) {
        Active running = run.active();
        Node node = running == null ? null : running.run().node(result.nodeId());
        boolean byAgent = agent.pod().isNamed(result.podName());
        if (byAgent) {
            agent.pod().worked();
        }
        return node == null || byAgent == TaskMachine.isTask(node);
    }

    void agentEnsured(@Nullable String failure, boolean isTransient) {
        agent.pod().ensured(failure, isTransient);
    }

    void tasksWritten(ShardInput.TasksWritten outcome) {
        agent.written(outcome);
    }

    void taskRefused(String nodeId, String message, Batch batch) {
        run.step(new Input.TaskResultReceived(nodeId, null, NodePhase.ERROR, message, null, true, shard.now()), batch);
    }

    /** Something that the engine asked for is there. */
    void observed(Input input, Batch batch) {
        run.step(input, batch);
    }

    // --- users ---

    void command(ShardInput.CommandArrived arrived, Batch batch) {
        commands.take(arrived, batch);
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
        if (running == null || object == null) {
            boolean isOver = object != null && object.getStatus().phase().isFulfilled();
            if (isOver && !takingUp.isUnderWay() && !standing.isEmpty()) {
                batch.afterwards(locks::gone);
            }
            return;
        }
        locks.compare(standing, running).forEach(answer -> lockAnswered(answer, batch));
        if (!WorkflowLocks.hasStarted(running.run()) && !locks.needsPermission()) {
            run.step(new Input.Started(shard.now()), batch);
        }
    }

    // --- time ---

    void timerFired(TimerKey key, Batch batch) {
        switch (key.purpose()) {
            case ENGINE -> run.step(new Input.TimerFired(key.detail(), shard.now()), batch);
            case AGENT -> {
                if (key.detail().equals(AgentTasks.WRITE)) {
                    agent.write();
                } else {
                    agent.pod().timerFired(key.detail());
                }
            }
            case STATUS -> projection.write();
            case AFTERMATH -> {
                if (object != null) {
                    aftermath.lookAgain(object, batch);
                }
            }
            case ENSURE_POD -> pods.ensureAgain(key.detail());
            case END_POD -> pods.endLeftOver(key.detail(), isOver(key.detail()));
            case TIDY_POD -> pods.tidyAgain(key.detail());
            case LOOK_UP_CACHE -> run.lookUpAgain(key.detail());
            case TIME_TO_LIVE -> aftermath.timeIsUp(object);
            case COMMAND_EXPIRY -> commands.expired(batch);
            case RETRY_PREPARATION -> {
                takingUp.triesAgain();
                if (run.active() != null) {
                    return;
                }
                if (shard.hasFinished(ref.uid())) {
                    takingUp.reload(); // it was the journal that couldn't be read
                } else if (object != null) {
                    takingUp.start(object, batch);
                } else if (inbox.hasWaiting()) {
                    takingUp.reload();
                }
            }
        }
    }
}
