package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.Run;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a workflow gets its run: begun, adopted from the status that somebody else left, or restored from the journal. For the
 * shard's own thread; what has to be read for it is read elsewhere.
 */
final class TakingUp {
    private static final Logger LOG = LoggerFactory.getLogger(TakingUp.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final RunDriver run;
    private final NodePods pods;
    private final WorkflowLocks locks;
    private final CommandInbox inbox;
    private final StatusProjection projection;
    private final Host host;
    private boolean preparing;
    /** Of the object that is or was prepared last; null if the journal was read last. */
    private @Nullable String preparedVersion;

    private boolean waiting;
    /** What ended the run before it was retried: it doesn't end it again as long as the object still says so. */
    private @Nullable String oldShutdown;

    /** Who is to know what comes of it. */
    interface Host {
        /** There is a run; told first of all. */
        void activate(Active running);

        /** A pod as it was seen last, as if it were seen now. */
        void tell(PodObservation pod, Batch batch);
    }

    /** Nothing is under way yet. */
    TakingUp(
            WorkflowRef ref,
            ShardContext shard,
            RunDriver run,
            NodePods pods,
            WorkflowLocks locks,
            CommandInbox inbox,
            StatusProjection projection,
            Host host) {
        this.ref = ref;
        this.shard = shard;
        this.run = run;
        this.pods = pods;
        this.locks = locks;
        this.inbox = inbox;
        this.projection = projection;
        this.host = host;
    }

    /** Whether what the workflow needs is being gathered, or its journal read. */
    boolean isUnderWay() {
        return preparing;
    }

    /** Begins to gather what the workflow needs, unless it is done or about to be deleted. */
    void start(Workflow workflow, Batch batch) {
        if (preparing || workflow.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        if (workflow.getStatus().phase().isFulfilled() && !inbox.hasWaiting()) {
            return; // its journal is read when somebody asks for a retry
        }
        if (shard.hasFinished(ref.uid())) {
            batch.afterwards(this::reload); // it is over, but its status doesn't say so yet
            return;
        }
        preparing = true;
        preparedVersion = workflow.getMetadata().getResourceVersion();
        batch.afterwards(() -> shard.services().threads().execute(() -> {
            Preparation.Outcome outcome;
            try {
                outcome = shard.services().preparation().prepare(workflow, shard.number());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                outcome = new Preparation.Outcome.Unavailable(e.toString());
            }
            shard.post(new ShardInput.Prepared(ref.uid(), outcome));
        }));
    }

    /** What the workflow needs is there, or isn't to be had. */
    void prepared(Preparation.Outcome outcome, Workflow workflow, Batch batch) {
        preparing = false;
        switch (outcome) {
            case Preparation.Outcome.Ready(var ready, var inherited)
            when inherited != null -> {
                inherit(ready, inherited, batch);
                compareSpec(workflow, batch);
            }
            case Preparation.Outcome.Ready(var ready, var _) -> {
                begin(ready, workflow, batch);
                if (Boolean.TRUE.equals(workflow.getSpec().suspend())) {
                    run.step(new Input.SuspendRequested(shard.now()), batch);
                }
                letIn(batch);
                compareSpec(workflow, batch);
            }
            case Preparation.Outcome.Invalid(var invalid, var phase, var message) -> {
                begin(invalid, workflow, batch);
                run.step(new Input.Rejected(phase, message, shard.now()), batch);
            }
            case Preparation.Outcome.Unavailable(var message) -> {
                LOG.warn("workflow {}/{} can't be prepared yet: {}", ref.namespace(), ref.name(), message);
                boolean isTheSame = preparedVersion == null
                        || preparedVersion.equals(workflow.getMetadata().getResourceVersion());
                if (isTheSame) {
                    tryAgainLater();
                } else {
                    start(
                            workflow,
                            batch); // what has changed meanwhile may be what was missing, a status that was to follow
                }
            }
        }
    }

    /** What was to be read couldn't be. */
    void tryAgainLater() {
        preparing = false;
        waiting = true;
        shard.timers()
                .start(
                        new TimerKey(ref.uid(), Purpose.RETRY_PREPARATION, ""),
                        shard.now().plus(PAUSE));
    }

    /** The pause after a failure is over. */
    void triesAgain() {
        waiting = false;
    }

    /** Whether the workflow may still get its run without anything new being told. */
    boolean isStillTrying() {
        return preparing || waiting;
    }

    /** What was gathered is of no use, or was read. */
    void isOver() {
        preparing = false;
    }

    /** The run, which was over, goes on; the object is as it was known then. */
    void reopened(Workflow workflow) {
        oldShutdown = workflow.getSpec().shutdown();
    }

    /** Has what the run was edited to since; nothing if it is over. */
    void compareSpec(Workflow workflow, Batch batch) {
        Active running = run.active();
        if (running == null || run.isFulfilled()) {
            return;
        }
        WorkflowSpec edited = workflow.getSpec();
        if (oldShutdown != null && oldShutdown.equals(edited.shutdown())) {
            edited = edited.withShutdown(null);
        } else {
            oldShutdown = null;
        }
        ShardSettings settings = shard.services().settings();
        run.step(SpecChanges.inputs(running, edited, settings.policies(), shard.now()), batch);
    }

    /** Builds the run from the journal; false if its records don't suffice. */
    boolean restore(JournaledRun journaled) {
        Optional<RunJournal.Restored> restored = run.journal().restore(journaled);
        restored.ifPresent(known -> {
            inbox.restore(known.appliedCommands());
            host.activate(known.active());
        });
        return restored.isPresent();
    }

    /** After restoring, when object and pods have been seen: what was lost in between is done again. */
    void carryOn(Batch batch) {
        Active restored = run.active();
        if (restored == null) {
            return;
        }
        run.resume(batch);
        batch.afterwards(run::ensureBelongings);
        for (PodObservation pod : pods.seen().all()) {
            if (!NodePods.isOutlived(pod, restored)) {
                host.tell(pod, batch);
            } else if (isOver(pod.nodeId(), restored)) { // nobody wants a pod in its place, which would do the same
                pods.seen().dismiss(pod);
                batch.afterwards(() -> pods.tidying().delete(pod));
            }
        }
        projection.isDue();
    }

    private static boolean isOver(String nodeId, Active restored) {
        Node node = restored.run().node(nodeId);
        return node != null && node.isFinal();
    }

    /** Goes on with the run that was let go of when it was over, if it is still kept. */
    void wake(Batch batch) {
        Active resting = preparing ? null : run.takeResting();
        if (resting != null) {
            host.activate(resting);
            carryOn(batch);
        }
    }

    /** Reads the journal of a workflow that is done, unless something is being read already. */
    void reload() {
        if (preparing) {
            return;
        }
        preparing = true;
        preparedVersion = null;
        shard.services().threads().execute(() -> {
            try {
                JournaledRun journaled = shard.services()
                        .journal()
                        .read(shard.number(), Set.of(ref.uid()))
                        .get(ref.uid());
                shard.post(new ShardInput.Reloaded(ref.uid(), journaled));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("journal of {}/{} can't be read again: {}", ref.namespace(), ref.name(), e.toString());
                shard.post(new ShardInput.Prepared(ref.uid(), new Preparation.Outcome.Unavailable(e.toString())));
            }
        });
    }

    private void begin(Definition prepared, Workflow workflow, Batch batch) {
        Run begun = Run.create(compiled(prepared));
        run.journal().begin(begun);
        host.activate(new Active(prepared, begun));
        pods.adopt(workflow.getStatus());
        batch.touch(run);
        batch.afterwards(() -> {
            shard.announce(
                    new WorkflowEvent(WorkflowEvent.Type.STARTED, ref, shard.now(), run.phaseText(), null, null));
            LOG.info("workflow {}/{} taken up by shard {}", ref.namespace(), ref.name(), shard.number());
        });
    }

    /** Goes on where another controller stopped, or where we did whose journal is lost. */
    private void inherit(Definition prepared, Preparation.Inheritance inherited, Batch batch) {
        Run adopted = inherited.run();
        run.journal().begin(adopted);
        host.activate(new Active(prepared, adopted));
        batch.touch(run);
        stopIfAsked(batch);
        for (Node node : List.copyOf(adopted.nodes())) { // before it goes on: hooks ask for what its nodes have come to
            if (node.isPodSeen() && !node.isFinal() && !inherited.podNodeIds().contains(node.id())) {
                run.step(new Input.PodObserved(node.id(), PodFacts.gone(node.podName()), shard.now()), batch);
            }
        }
        carryOn(batch);
        LOG.info(
                "workflow {}/{} adopted with {} nodes by shard {}",
                ref.namespace(),
                ref.name(),
                adopted.nodeCount(),
                shard.number());
    }

    /** Before it goes on, so that nothing begins only to be ended. */
    private void stopIfAsked(Batch batch) {
        Active adopted = run.active();
        Shutdown asked = adopted == null ? null : Shutdown.of(adopted.spec().shutdown());
        if (asked != null && !run.isFulfilled()) {
            run.step(new Input.ShutdownRequested(asked, shard.now()), batch);
        }
    }

    /** Lets the run begin, once the operator's limits do. */
    private void letIn(Batch batch) {
        Active waiting = run.active();
        if (waiting != null && locks.needsPermission()) {
            batch.afterwards(() -> locks.askToRun(waiting, false));
        } else {
            run.step(new Input.Started(shard.now()), batch);
        }
    }

    private WorkflowDefinition compiled(Definition definition) {
        return definition.compiled(shard.services().settings().engine());
    }
}
