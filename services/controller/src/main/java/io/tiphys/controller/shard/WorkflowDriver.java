package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.locks.Standing;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Command;
import io.tiphys.engine.Engine;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.Run;
import io.tiphys.engine.RunRecord;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.engine.task.TaskMachine;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One workflow on its shard's thread: turns what reaches it into the engine's inputs, collects what must be journaled, and
 * has the engine's commands carried out after that.
 */
final class WorkflowDriver {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowDriver.class);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final NodePods pods;
    private final AgentTasks agent;
    private final StatusProjection projection;
    private final Aftermath aftermath;
    private final RunJournal journal;
    private final NodeCaches caches;
    private final NodeEvents nodeEvents;
    private final RunMetrics measures;
    private final WorkflowLocks locks;
    private final CommandInbox inbox = new CommandInbox();

    private @Nullable Workflow object;
    private @Nullable Active active;
    private boolean preparing;
    private boolean broken;
    private int generation;

    WorkflowDriver(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
        this.pods = new NodePods(ref, shard);
        this.agent = new AgentTasks(ref, shard);
        this.projection = new StatusProjection(ref, shard);
        this.aftermath = new Aftermath(ref, shard);
        this.journal = new RunJournal(ref, shard);
        this.caches = new NodeCaches(ref, shard);
        this.nodeEvents = new NodeEvents(ref, shard);
        this.measures = new RunMetrics(ref, shard);
        this.locks = new WorkflowLocks(ref, shard);
    }

    WorkflowRef ref() {
        return ref;
    }

    // --- what reaches the workflow ---

    /** The object as the watch shows it. */
    void seen(Workflow workflow, int watchGeneration, Batch batch) {
        generation = watchGeneration;
        boolean isFirst = object == null;
        object = workflow;
        projection.seen(workflow);
        if (active == null) {
            takeUp(workflow, batch);
        } else {
            compareSpec(workflow.getSpec(), batch);
            if (isFirst) {
                projection.isDue();
            }
        }
        aftermath.seen(workflow, batch);
        if (workflow.getMetadata().getDeletionTimestamp() != null && active != null && !isFulfilled()) {
            step(new Input.ShutdownRequested(Shutdown.TERMINATE, shard.now()), batch);
        }
    }

    /** The object is gone: so is all that we keep of it. */
    void gone(Batch batch) {
        journal.erase(Optional.ofNullable(active), batch);
        forgotten();
        shard.timers().cancelAll(ref.uid());
        batch.afterwards(locks::gone);
        batch.afterwards(() -> shard.announce(
                new WorkflowEvent(WorkflowEvent.Type.DELETED, ref, shard.now(), phaseText(), null, null)));
    }

    /** This replica has no more to do with it. */
    void forgotten() {
        measures.shows(WorkflowPhase.UNKNOWN);
    }

    /** Whether the watches of this generation didn't find it, and it isn't here for a command that came before it. */
    boolean isUnseenBy(int watchGeneration) {
        return generation < watchGeneration && !inbox.hasWaiting();
    }

    void prepared(Preparation.Outcome outcome, Batch batch) {
        preparing = false;
        if (active != null || object == null) {
            return;
        }
        switch (outcome) {
            case Preparation.Outcome.Ready(var ready, var inherited)
            when inherited != null -> {
                inherit(ready, inherited, batch);
                compareSpec(object.getSpec(), batch);
            }
            case Preparation.Outcome.Ready(var ready, var _) -> {
                begin(ready, batch);
                WorkflowSpec spec = object.getSpec();
                if (Boolean.TRUE.equals(spec.suspend())) {
                    step(new Input.SuspendRequested(shard.now()), batch);
                }
                start(batch);
                compareSpec(spec, batch);
            }
            case Preparation.Outcome.Invalid(var invalid, var message) -> {
                begin(invalid, batch);
                step(new Input.Rejected(WorkflowPhase.FAILED, message, shard.now()), batch);
            }
            case Preparation.Outcome.Unavailable(var message) -> {
                LOG.warn("workflow {}/{} can't be prepared yet: {}", ref.namespace(), ref.name(), message);
                shard.timers()
                        .start(
                                new TimerKey(ref.uid(), Purpose.RETRY_PREPARATION, ""),
                                shard.now().plusSeconds(5));
            }
        }
        inbox.takeWaiting().forEach(command -> command(command, batch));
    }

    void observed(PodObservation pod, int watchGeneration, Batch batch) {
        if (agent.pod().is(pod)) {
            agent.observed(pod, watchGeneration, active != null && !isFulfilled());
            return;
        }
        if (active != null && NodePods.isOutlived(pod, active)) {
            return;
        }
        if (pods.isNews(pod, watchGeneration) && active != null) {
            step(new Input.PodObserved(pod.nodeId(), pod.facts(), shard.now()), batch);
            tidy(pod.nodeId(), batch);
        }
    }

    void podGone(PodObservation last, Batch batch) {
        if (agent.pod().is(last)) {
            agent.pod().gone(last);
            return;
        }
        boolean isMissed = pods.forget(last);
        if (active == null) {
            return;
        }
        pods.ensureAgain(last.nodeId(), active); // its successor may have been waiting for the name
        if (!isMissed || NodePods.isOutlived(last, active)) {
            return;
        }
        if (last.hasEnded()) {
            step(new Input.PodObserved(last.nodeId(), last.facts(), shard.now()), batch);
        }
        step(new Input.PodObserved(last.nodeId(), last.gone().facts(), shard.now()), batch);
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
            if (active != null && !NodePods.isOutlived(pod, active)) {
                step(new Input.PodObserved(nodeId, pod.facts(), shard.now()), batch);
            }
        });
    }

    /** A node that was done when the workflow came to us: its end is told again instead of its pod being made again. */
    void adopted(NodeStatus node, Batch batch) {
        for (Input input : Adoption.inputs(node, shard.now())) {
            step(input, batch);
        }
    }

    void observed(Input input, Batch batch) {
        step(input, batch);
    }

    void podRefused(String nodeId, String message, boolean isTransient, Batch batch) {
        if (!pods.isWanted(nodeId) || active == null) {
            return;
        }
        pods.refused(nodeId, message, isTransient);
        step(new Input.PodCreationRefused(nodeId, message, isTransient, shard.now()), batch);
    }

    void agentEnsured(@Nullable String failure, boolean isTransient) {
        agent.pod().ensured(failure, isTransient);
    }

    void tasksWritten(ShardInput.TasksWritten outcome) {
        agent.written(outcome);
    }

    void taskRefused(String nodeId, String message, Batch batch) {
        step(new Input.TaskResultReceived(nodeId, null, NodePhase.ERROR, message, null, true, shard.now()), batch);
    }

    /** The agent speaks for HTTP and plugin nodes, and only it does. */
    private boolean mayReport(TaskResult result) {
        Node node = active == null ? null : active.run().node(result.nodeId());
        boolean byAgent = agent.pod().isNamed(result.podName());
        if (byAgent) {
            agent.pod().worked();
        }
        return node == null || byAgent == TaskMachine.isTask(node);
    }

    void result(TaskResult result, Batch batch) {
        if (active == null || !mayReport(result)) {
            return;
        }
        TaskResults.toInput(result, shard.now())
                .ifPresentOrElse(
                        input -> {
                            step(input, batch);
                            tidy(result.nodeId(), batch);
                        },
                        () -> LOG.warn("task result of node {} has outputs that can't be read", result.nodeId()));
    }

    /** Applies a user's command once; one that comes before the run does waits for it. */
    void command(WorkflowCommand command, Batch batch) {
        if (inbox.isApplied(command)) {
            return;
        }
        if (active == null) {
            inbox.park(command);
            reload();
            return;
        }
        Optional<Input> input = Commands.toInput(command, shard.now());
        if (input.isEmpty()) {
            LOG.warn("command {} on workflow {}/{} can't be read", command, ref.namespace(), ref.name());
            return;
        }
        inbox.applied(command);
        journal.runChanged();
        batch.touch(this);
        step(input.get(), batch);
        if (command instanceof WorkflowCommand.Retry && !isFulfilled() && locks.needsPermission()) {
            Active running = active;
            batch.afterwards(() -> locks.askToRun(running, true));
        }
    }

    /** Somebody decided about locks that the workflow asked for. */
    void lockAnswered(LockMessage.Answered answer, Batch batch) {
        if (active != null) {
            step(WorkflowLocks.toInput(answer, shard.now()), batch);
        }
    }

    /** All that is known of the workflow's wishes for locks. */
    void locksKnown(List<Standing> standing, Batch batch) {
        if (active == null || object == null) {
            if (object != null && object.getStatus().phase().isFulfilled() && !preparing && !standing.isEmpty()) {
                batch.afterwards(locks::gone);
            }
            return;
        }
        locks.compare(standing, active).forEach(answer -> lockAnswered(answer, batch));
        if (!WorkflowLocks.hasStarted(active.run()) && !locks.needsPermission()) {
            step(new Input.Started(shard.now()), batch);
        }
    }

    void timerFired(TimerKey key, Batch batch) {
        switch (key.purpose()) {
            case ENGINE -> {
                if (active != null) {
                    step(new Input.TimerFired(key.detail(), shard.now()), batch);
                }
            }
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
                    aftermath.statusWritten(object, batch);
                }
            }
            case ENSURE_POD -> pods.ensureAgain(key.detail(), active);
            case DELETE_POD -> pods.delete(key.detail());
            case TIME_TO_LIVE -> aftermath.timeIsUp(object);
            case COMMAND_EXPIRY -> inbox.takeWaiting();
            case RETRY_PREPARATION -> {
                if (object != null) {
                    takeUp(object, batch);
                }
            }
        }
    }

    void statusWritten(@Nullable Workflow written, @Nullable String failure, Batch batch) {
        projection.written(written, failure);
        if (written != null) {
            object = written;
            aftermath.statusWritten(written, batch);
        }
    }

    void aftermathFailed(String failure) {
        aftermath.failed(failure);
    }

    // --- taking up, restoring ---

    private void takeUp(Workflow workflow, Batch batch) {
        if (preparing || workflow.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        if (workflow.getStatus().phase().isFulfilled() && !inbox.hasWaiting()) {
            return; // its journal is read when somebody asks for a retry
        }
        preparing = true;
        batch.afterwards(() -> shard.services().threads().execute(() -> {
            Preparation.Outcome outcome;
            try {
                outcome = shard.services().preparation().prepare(workflow);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                outcome = new Preparation.Outcome.Unavailable(e.toString());
            }
            shard.post(new ShardInput.Prepared(ref.uid(), outcome));
        }));
    }

    private WorkflowDefinition compiled(Definition definition) {
        return definition.compiled(shard.services().settings().limits());
    }

    private void begin(Definition prepared, Batch batch) {
        Run run = Run.create(compiled(prepared));
        journal.begin(run);
        activate(new Active(prepared, run));
        pods.adopt(Objects.requireNonNull(object).getStatus());
        batch.touch(this);
        batch.afterwards(() -> {
            shard.announce(new WorkflowEvent(WorkflowEvent.Type.STARTED, ref, shard.now(), phaseText(), null, null));
            LOG.info("workflow {}/{} taken up by shard {}", ref.namespace(), ref.name(), shard.number());
        });
    }

    /** Goes on where another controller stopped, or where we did whose journal is lost. */
    private void inherit(Definition prepared, Preparation.Inheritance inherited, Batch batch) {
        WorkflowDefinition definition = compiled(prepared);
        guarded(() -> {
            Run run = Run.adopt(definition, inherited.status());
            journal.begin(run);
            activate(new Active(prepared, run));
        });
        if (active == null) {
            return;
        }
        batch.touch(this);
        carryOn(batch);
        for (Node node : active.run().nodes()) {
            if (node.isPodSeen() && !node.isFinal() && !inherited.podNodeIds().contains(node.id())) {
                step(new Input.PodObserved(node.id(), PodFacts.gone(node.podName()), shard.now()), batch);
            }
        }
        LOG.info(
                "workflow {}/{} adopted with {} nodes by shard {}",
                ref.namespace(),
                ref.name(),
                active.run().nodeCount(),
                shard.number());
    }

    /** Builds the run from the journal; false if its records don't suffice. */
    boolean restore(JournaledRun journaled) {
        Optional<RunJournal.Restored> restored = journal.restore(journaled);
        restored.ifPresent(known -> {
            inbox.restore(known.appliedCommands());
            activate(known.active());
        });
        return restored.isPresent();
    }

    private void activate(Active running) {
        active = running;
        projection.activate(running);
        aftermath.activate(running);
        nodeEvents.activate(running.run());
        measures.shows(running.run().phase());
    }

    /** After restoring, when object and pods have been seen: what was lost in between is done again. */
    void carryOn(Batch batch) {
        if (active == null || object == null) {
            return;
        }
        Active restored = active;
        Run run = restored.run();
        guarded(() -> {
            accept(Engine.resume(run, shard.now()), batch);
            List<Command> pending = run.pendingCommands();
            batch.afterwards(() -> pending.forEach(this::execute));
        });
        pods.all().stream().filter(pod -> !NodePods.isOutlived(pod, restored)).forEach(pod -> {
            step(new Input.PodObserved(pod.nodeId(), pod.facts(), shard.now()), batch);
            tidy(pod.nodeId(), batch);
        });
        projection.isDue();
    }

    private void reload() {
        shard.services().threads().execute(() -> {
            try {
                JournaledRun journaled =
                        shard.services().journal().read(shard.number()).get(ref.uid());
                shard.post(new ShardInput.Reloaded(ref.uid(), journaled));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("journal of {}/{} can't be read for a command: {}", ref.namespace(), ref.name(), e.toString());
            }
        });
    }

    void reloaded(@Nullable JournaledRun journaled, Batch batch) {
        if (active != null || preparing) {
            return;
        }
        if (journaled != null && restore(journaled)) {
            inbox.takeWaiting().forEach(command -> command(command, batch));
        } else if (object != null && object.getStatus().phase().isFulfilled()) {
            takeUp(object, batch); // ran under somebody else: its status says where to go on
        }
    }

    // --- the engine ---

    /** Lets the run begin, once the operator's limits do. */
    private void start(Batch batch) {
        if (locks.needsPermission()) {
            Active waiting = Objects.requireNonNull(active);
            batch.afterwards(() -> locks.askToRun(waiting, false));
        } else {
            step(new Input.Started(shard.now()), batch);
        }
    }

    private void compareSpec(WorkflowSpec wanted, Batch batch) {
        if (active == null || isFulfilled()) {
            return;
        }
        RunRecord record = active.run().record();
        Shutdown shutdown = Commands.shutdown(wanted.shutdown());
        if (shutdown != null && shutdown != record.shutdown()) {
            step(new Input.ShutdownRequested(shutdown, shard.now()), batch);
        }
        compareLimits(wanted, record, batch);
        boolean suspend = Boolean.TRUE.equals(wanted.suspend());
        if (suspend != record.suspended()) {
            step(suspend ? new Input.SuspendRequested(shard.now()) : new Input.SuspendCleared(shard.now()), batch);
        }
    }

    /** Limits that were edited since the start count; those that weren't stay what template and defaults made them. */
    private void compareLimits(WorkflowSpec wanted, RunRecord record, Batch batch) {
        Active running = Objects.requireNonNull(active);
        WorkflowSpec atStart = running.definition().workflow().getSpec();
        Long deadline = Objects.equals(wanted.activeDeadlineSeconds(), atStart.activeDeadlineSeconds())
                ? running.spec().activeDeadlineSeconds()
                : wanted.activeDeadlineSeconds();
        Long parallelism = Objects.equals(wanted.parallelism(), atStart.parallelism())
                ? running.spec().parallelism()
                : wanted.parallelism();
        boolean same = Objects.equals(deadline, record.activeDeadlineSeconds())
                && Objects.equals(parallelism, record.parallelism());
        if (!same) {
            Integer slots = parallelism == null ? null : (Integer) (int) Math.min(parallelism, Integer.MAX_VALUE);
            step(new Input.SpecChanged(deadline, slots, shard.now()), batch);
        }
    }

    private void step(Input input, Batch batch) {
        Run run = active == null ? null : active.run();
        if (run != null) {
            guarded(() -> accept(Engine.step(run, input), batch));
        }
    }

    /** A bug of the engine stops this workflow, not its neighbours. */
    private void guarded(Runnable engine) {
        if (broken) {
            return;
        }
        try {
            engine.run();
        } catch (RuntimeException e) {
            broken = true;
            shard.services().metrics().counter("tiphys.workflows.broken").increment();
            LOG.error(
                    "workflow {}/{} ({}) is stopped: its state machine failed; its journal is kept",
                    ref.namespace(),
                    ref.name(),
                    ref.uid(),
                    e);
        }
    }

    private void accept(Transition transition, Batch batch) {
        if (transition.isEmpty() && transition.changedNodes().isEmpty() && !transition.runChanged()) {
            return;
        }
        batch.touch(this);
        transition.removedNodeIds().forEach(pods::release);
        journal.note(transition);
        List<KubeEvents.Note> notes = active == null ? List.of() : nodeEvents.of(active.run(), transition, pods);
        WorkflowPhase phase =
                active == null ? WorkflowPhase.UNKNOWN : active.run().phase();
        batch.afterwards(() -> {
            measures.shows(phase);
            publish(notes);
            transition.commands().forEach(this::execute);
            for (Node node : transition.changedNodes()) {
                if (node.phase().isFulfilled()) {
                    pods.nodeFulfilled(node.id(), node.phase(), active);
                }
            }
            projection.changed();
            projection.scheduleOrWrite();
        });
    }

    private void publish(List<KubeEvents.Note> notes) {
        for (KubeEvents.Note note : notes) {
            // of one node one after the other, so that they come in order
            String node = note.annotations().getOrDefault("workflows.argoproj.io/node-id", ref.uid());
            shard.requests().submit(ref.namespace() + "/events/" + node, () -> {
                if (!shard.services().events().publishWithinRate(note)) {
                    shard.services().metrics().counter("tiphys.events.dropped").increment();
                }
            });
        }
    }

    private void tidy(String nodeId, Batch batch) {
        Node node = active == null ? null : active.run().node(nodeId);
        if (node != null && node.phase().isFulfilled()) {
            NodePhase phase = node.phase();
            batch.afterwards(() -> pods.nodeFulfilled(nodeId, phase, active));
        }
    }

    private void execute(Command command) {
        switch (command) {
            case Command.EnsurePod ensure -> pods.ensure(ensure, active);
            case Command.EndPod end -> pods.end(end);
            case Command.RunTask(var nodeId, var template) -> {
                Active running = active;
                if (running != null) {
                    agent.run(nodeId, template, () -> pods.facts(running));
                }
            }
            case Command.DropTask(var nodeId) -> agent.drop(nodeId);
            case Command.StartTimer(var key, var at) ->
                shard.timers().start(new TimerKey(ref.uid(), Purpose.ENGINE, key), at);
            case Command.CancelTimer(var key) -> shard.timers().cancel(new TimerKey(ref.uid(), Purpose.ENGINE, key));
            case Command.RecordMetric(var sample) -> measures.take(sample);
            case Command.LookUpCache look -> caches.lookUp(look);
            case Command.SaveCache save -> caches.save(save);
            case Command.AcquireLocks acquire -> locks.acquire(acquire, Objects.requireNonNull(active));
            case Command.ReleaseLocks release -> locks.release(release);
            case Command.CompleteWorkflow _ -> {
                locks.over();
                agent.complete();
                pods.workflowFulfilled(
                        active == null ? WorkflowPhase.UNKNOWN : active.run().phase(), active);
            }
        }
    }

    void collectChanges(List<ProducerRecord<String, byte[]>> records) {
        if (active != null) {
            journal.collect(active, inbox.applied(), records);
        }
    }

    private boolean isFulfilled() {
        return active != null && active.run().phase().isFulfilled();
    }

    private String phaseText() {
        return active == null ? "" : active.run().phase().json();
    }
}
