package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Command;
import io.tiphys.engine.Engine;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One workflow's run: lets the engine decide about inputs, collects what must be journaled, and has the engine's commands
 * carried out after that. Before the workflow is taken up there is no run, and inputs are of no consequence. For the shard's
 * own thread.
 */
final class RunDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RunDriver.class);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final NodePods pods;
    private final AgentTasks agent;
    private final StatusProjection projection;
    private final RunJournal journal;
    private final NodeCaches caches;
    private final OwnedObjects owned;
    private final NodeEvents nodeEvents;
    private final RunMetrics measures;
    private final RunGauges gauges;
    private final WorkflowLocks locks;
    private final CommandInbox inbox;
    private final Reports reports;

    private @Nullable Active active;
    private boolean broken;

    /**
     * A driver without a run.
     *
     * @param inbox the commands that are in effect are journaled with the run
     */
    RunDriver(
            WorkflowRef ref,
            ShardContext shard,
            NodePods pods,
            AgentTasks agent,
            StatusProjection projection,
            WorkflowLocks locks,
            CommandInbox inbox,
            Reports reports) {
        this.ref = ref;
        this.shard = shard;
        this.pods = pods;
        this.agent = agent;
        this.projection = projection;
        this.locks = locks;
        this.inbox = inbox;
        this.reports = reports;
        this.journal = new RunJournal(ref, shard);
        this.caches = new NodeCaches(ref, shard);
        this.owned = new OwnedObjects(ref, shard);
        this.nodeEvents = new NodeEvents(ref, shard);
        this.measures = new RunMetrics(ref, shard);
        this.gauges = new RunGauges(shard.services().board());
    }

    /** The run and what it goes by; null before the workflow is taken up. */
    @Nullable
    Active active() {
        return active;
    }

    boolean isFulfilled() {
        return active != null && active.run().phase().isFulfilled();
    }

    String phaseText() {
        return active == null ? "" : active.run().phase().json();
    }

    RunJournal journal() {
        return journal;
    }

    RunMetrics measures() {
        return measures;
    }

    /** From now on this is the run. */
    void activate(Active running) {
        takeResting();
        active = running;
        projection.activate(running);
        nodeEvents.activate(running.run());
        gauges.begin(running.run());
    }

    /** Whether all of the run is in the journal. */
    boolean isWritten() {
        return !broken && journal.isWritten();
    }

    /** Lets go of the run, which is over and in the journal. */
    void rest() {
        Active over = active;
        retire();
        if (over != null && !broken) {
            shard.services().resting().keep(this, over);
        }
    }

    /** The run that was let go of, if it is still kept: nobody else keeps it then. */
    @Nullable
    Active takeResting() {
        return shard.services().resting().take(this);
    }

    /** Lets go of the run, of which nobody will want to know. */
    void retire() {
        active = null;
        projection.retire();
    }

    /** This replica has no more to do with it. */
    void forgotten() {
        takeResting();
        gauges.end();
    }

    void step(Input input, Batch batch) {
        Run run = active == null ? null : active.run();
        if (run != null) {
            guarded(() -> accept(Engine.step(run, input), batch));
        }
    }

    void step(Collection<? extends Input> inputs, Batch batch) {
        inputs.forEach(input -> step(input, batch));
    }

    /** Decides again what was decided before and may not have been done. */
    void resume(Batch batch) {
        Run run = active == null ? null : active.run();
        if (run == null) {
            return;
        }
        guarded(() -> {
            accept(Engine.resume(run, shard.now()), batch);
            List<Command> pending = run.pendingCommands();
            batch.afterwards(() -> pending.forEach(this::executeAgain));
        });
    }

    /** Has done again what is outstanding for one node. */
    void repeatOrder(String nodeId, Batch batch) {
        Run run = active == null ? null : active.run();
        if (run != null) {
            batch.afterwards(() -> run.pendingCommands().stream()
                    .filter(command -> command instanceof Command.EnsurePod ensure
                            && ensure.nodeId().equals(nodeId))
                    .forEach(this::executeAgain));
        }
    }

    /** A bug of the engine stops this workflow, not its neighbours. */
    void guarded(Runnable engine) {
        if (broken || projection.isStopped()) {
            return;
        }
        long began = System.nanoTime();
        try {
            engine.run();
            measures.worked(Duration.ofNanos(System.nanoTime() - began));
        } catch (RuntimeException e) {
            broken = true;
            measures.broken();
            shard.services().metrics().counter("tiphys.workflows.broken").increment();
            LOG.error(
                    "workflow {}/{} ({}) is stopped: its state machine failed; its journal is kept",
                    ref.namespace(),
                    ref.name(),
                    ref.uid(),
                    e);
        }
    }

    /** A node waits for a cache that can't answer; it goes on waiting. */
    void cacheUnavailable(Command.LookUpCache look, int failures) {
        caches.unavailable(look, failures);
    }

    /** Asks a cache again for a node that still waits for it. */
    void lookUpAgain(String nodeId) {
        Node node = active == null ? null : active.run().node(nodeId);
        caches.again(nodeId, node != null && !node.isFinal() && node.awaitsCache());
    }

    /** As long as the workflow runs, what it owns is there. */
    void ensureBelongings() {
        ensureBelongings(0);
    }

    /**
     * The same after a pause.
     *
     * @param failures how often it was tried in vain
     */
    void ensureBelongings(int failures) {
        if (active != null && !isFulfilled()) {
            owned.ensure(active, failures);
        }
    }

    /** What the workflow owns can't be made for the time being. */
    void belongingsRefused(int failures) {
        owned.refused(failures);
    }

    /** The run's state has changed in a way that the engine doesn't know of. */
    void runChanged(Batch batch) {
        journal.runChanged();
        batch.touch(this);
    }

    /** A node that is done already has no more use for its pod. */
    void tidy(String nodeId, Batch batch) {
        Node node = active == null ? null : active.run().node(nodeId);
        if (node != null && node.phase().isFulfilled()) {
            NodePhase phase = node.phase();
            batch.afterwards(() -> pods.tidying().nodeFulfilled(nodeId, phase, active));
        }
    }

    /** The records of everything that changed; none if one of them is more than the journal takes. */
    List<Supplier<ProducerRecord<String, byte[]>>> collectChanges() {
        if (active == null || broken) {
            return List.of();
        }
        List<Supplier<ProducerRecord<String, byte[]>>> records = journal.collect(active, inbox.applied());
        Optional<ProducerRecord<String, byte[]>> tooLarge = records.stream()
                .map(Supplier::get)
                .filter(record -> record.value() != null && record.value().length > RunJournal.MAX_RECORD_BYTES)
                .findFirst();
        tooLarge.ifPresent(record -> stopFor(RunJournal.tooLarge(record)));
        return tooLarge.isPresent() ? List.of() : records;
    }

    /**
     * What can't be journaled must not happen, and would stop the whole shard: the workflow ends in its object only. Its journal stays
     * what it was, and the annotation keeps whoever reads it next from going on.
     */
    private void stopFor(String reason) {
        broken = true;
        shard.services().metrics().counter("tiphys.workflows.broken").increment();
        LOG.error("workflow {}/{} ({}) is stopped: {}", ref.namespace(), ref.name(), ref.uid(), reason);
        pods.seen().all().stream().filter(pod -> !pod.hasEnded()).forEach(pods.tidying()::delete);
        projection.stop(reason);
    }

    private void accept(Transition transition, Batch batch) {
        if (transition.isEmpty() && transition.changedNodes().isEmpty() && !transition.runChanged()) {
            return;
        }
        batch.touch(this);
        for (String removed : transition.removedNodeIds()) {
            pods.release(removed);
            reports.done(removed);
        }
        journal.note(transition);
        List<KubeEvents.Note> notes = active == null ? List.of() : nodeEvents.of(active.run(), transition, pods.seen());
        batch.afterwards(() -> {
            if (broken) {
                return;
            }
            if (active != null) {
                measures.pods(transition, active.run());
                gauges.take(transition, active.run());
            }
            publish(notes);
            transition.commands().forEach(this::execute);
            for (Node node : transition.changedNodes()) {
                if (node.phase().isFulfilled()) {
                    pods.tidying().nodeFulfilled(node.id(), node.phase(), active);
                    reports.done(node.id());
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
            shard.requests()
                    .submit(
                            ref.namespace() + "/events/" + node,
                            () -> shard.services().events().write(note));
        }
    }

    /** Has something done that may have been done before. */
    private void executeAgain(Command command) {
        if (command instanceof Command.EnsurePod ensure) {
            pods.ensure(ensure, true, active);
        } else {
            execute(command);
        }
    }

    private void execute(Command command) {
        switch (command) {
            case Command.EnsurePod ensure -> pods.ensure(ensure, false, active);
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
                pods.tidying()
                        .workflowFulfilled(
                                active == null
                                        ? WorkflowPhase.UNKNOWN
                                        : active.run().phase(),
                                active);
            }
        }
    }
}
