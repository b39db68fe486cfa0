package io.tiphys.engine.command;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Deadlines;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.memo.MemoMachine;
import io.tiphys.engine.pod.PodMachine;
import io.tiphys.engine.pod.PodReports;
import io.tiphys.engine.rerun.RerunMachine;
import io.tiphys.engine.retry.RetryMachine;
import io.tiphys.engine.suspend.SuspendMachine;
import io.tiphys.engine.sync.LockMachine;
import io.tiphys.engine.task.TaskMachine;
import io.tiphys.engine.workflow.WorkflowMachine;
import java.time.Instant;
import java.util.Objects;

/** Hands an input to whom it concerns. What says nothing new, comes late or comes twice ends here. */
public final class InputRouter {
    private InputRouter() {}

    public static void decide(Draft draft, Input input) {
        Run run = draft.run();
        if (run.phase().isFulfilled()) {
            afterTheEnd(draft, input);
            return;
        }
        switch (input) {
            case Input.Started _ -> WorkflowMachine.start(draft);
            case Input.Postponed(var message, var at) -> {
                boolean waits = run.phase() == WorkflowPhase.UNKNOWN || run.phase() == WorkflowPhase.PENDING;
                if (waits && !(run.phase() == WorkflowPhase.PENDING && message.equals(run.message()))) {
                    draft.add(new Event.WorkflowPhaseChanged(WorkflowPhase.PENDING, message, at));
                }
            }
            case Input.PodObserved(var nodeId, var pod, var _) -> {
                Node node = run.node(nodeId);
                if (node != null) {
                    PodMachine.observe(draft, node, pod);
                }
            }
            case Input.TaskResultReceived result -> {
                Node node = run.node(result.nodeId());
                if (node != null && TaskMachine.isTask(node)) {
                    TaskMachine.report(draft, node, result);
                } else if (node != null) {
                    PodReports.report(draft, node, result);
                }
            }
            case Input.TimerFired(var key, var _) -> timer(draft, key);
            case Input.PodCreationRefused(var nodeId, var message, var isTransient, var _) -> {
                Node node = run.node(nodeId);
                if (node != null) {
                    PodMachine.refused(draft, node, message, isTransient);
                }
            }
            case Input.PodRestarted(var nodeId, var podUid, var message, var _) -> {
                Node node = run.node(nodeId);
                if (node != null) {
                    PodMachine.restart(draft, node, podUid, message);
                }
            }
            case Input.ShutdownRequested(var strategy, var _) -> shutdown(draft, strategy);
            case Input.SuspendRequested _ -> suspend(draft, true);
            case Input.SuspendCleared _ -> suspend(draft, false);
            case Input.ResumeRequested(var selector, var _) -> {
                if (selector.isEmpty()) {
                    suspend(draft, false);
                }
                for (Node node : run.nodes()) {
                    if (SuspendMachine.isActive(node) && Selection.matches(selector, node)) {
                        SuspendMachine.resume(draft, node);
                    }
                }
            }
            case Input.NodesStopped(var selector, var message, var _) -> {
                for (Node node : run.nodes()) {
                    if (SuspendMachine.isActive(node) && Selection.matches(selector, node)) {
                        SuspendMachine.end(draft, node, NodePhase.FAILED, message);
                    }
                }
            }
            case Input.NodesSet set -> {
                for (Node node : run.nodes()) {
                    if (SuspendMachine.isActive(node) && Selection.matches(set.selector(), node)) {
                        SuspendMachine.set(draft, node, set.phase(), set.message(), set.outputParameters());
                    }
                }
            }
            case Input.CacheLookedUp answer -> {
                Node node = run.node(answer.nodeId());
                if (node != null) {
                    MemoMachine.answered(draft, node, answer);
                }
            }
            case Input.CacheSaved saved -> cacheSaved(draft, saved);
            case Input.MetricRefused(var message, var _) -> metricRefused(draft, message);
            case Input.RetryRequested retry -> RerunMachine.redo(draft, retry);
            case Input.SpecChanged changed -> specChanged(draft, changed);
            case Input.LocksGranted(var node, var ticket, var _) -> {
                LockMachine.granted(draft, node, ticket);
                if (node < 0 && run.claims(node, ticket)) {
                    WorkflowMachine.begin(draft);
                }
            }
            case Input.LocksDelayed(var node, var ticket, var lock, var message, var holders, var _) ->
                LockMachine.delayed(draft, node, ticket, lock, message, holders);
            case Input.LocksRefused(var node, var ticket, var message, var _) ->
                LockMachine.refused(draft, node, ticket, message);
            case Input.Rejected(var phase, var message, var _) -> NodeLimit.end(draft, phase, message);
        }
    }

    private static void afterTheEnd(Draft draft, Input input) {
        switch (input) {
            case Input.RetryRequested retry -> RerunMachine.retry(draft, retry);
            case Input.TaskResultReceived result -> {
                // logs and the like may be reported when all is over
                Node node = draft.run().node(result.nodeId());
                if (node != null && node.isFinal()) {
                    PodReports.report(draft, node, result);
                }
            }
            case Input.CacheSaved saved -> cacheSaved(draft, saved);
            case Input.MetricRefused(var message, var _) -> metricRefused(draft, message);
            case Input.LocksGranted(var node, var ticket, var _) -> draft.add(new Command.ReleaseLocks(node, ticket));
            case Input.LocksRefused(var node, var ticket, var _, var _) ->
                draft.add(new Command.ReleaseLocks(node, ticket));
            case Input.LocksDelayed(var node, var ticket, var _, var _, var _, var _) ->
                draft.add(new Command.ReleaseLocks(node, ticket));
            case Input.Started _,
                    Input.CacheLookedUp _,
                    Input.Postponed _,
                    Input.PodObserved _,
                    Input.TimerFired _,
                    Input.PodCreationRefused _,
                    Input.PodRestarted _,
                    Input.ShutdownRequested _,
                    Input.SuspendRequested _,
                    Input.SuspendCleared _,
                    Input.ResumeRequested _,
                    Input.NodesStopped _,
                    Input.NodesSet _,
                    Input.SpecChanged _,
                    Input.Rejected _ -> {}
        }
    }

    private static void metricRefused(Draft draft, String message) {
        if (!message.equals(draft.run().metricsError())) {
            draft.add(new Event.MetricsFailed(message));
        }
    }

    private static void cacheSaved(Draft draft, Input.CacheSaved saved) {
        Node node = draft.run().node(saved.nodeId());
        if (node != null) {
            MemoMachine.saved(draft, node);
        }
    }

    private static void timer(Draft draft, String key) {
        Run run = draft.run();
        if (key.equals(TimerKey.DEADLINE)) {
            deadline(draft);
            return;
        }
        String id = TimerKey.nodeId(key);
        Node node = id == null ? null : run.node(id);
        if (node == null) {
            return;
        }
        switch (TimerKey.purpose(key)) {
            case "retry" -> RetryMachine.attend(draft, node);
            case "suspend" -> SuspendMachine.resume(draft, node);
            case "timeout", "pending" -> {
                if (TaskMachine.isTask(node)) {
                    TaskMachine.timedOut(draft, node);
                } else {
                    PodMachine.timedOut(draft, node);
                }
            }
            case "result" -> PodReports.resultLost(draft, node);
            default -> {}
        }
    }

    private static void deadline(Draft draft) {
        Run run = draft.run();
        Long deadline = run.deadline();
        if (run.isDeadlinePassed() || deadline == null) {
            return;
        }
        if (draft.at().toEpochMilli() < deadline) {
            draft.add(new Command.StartTimer(TimerKey.DEADLINE, Instant.ofEpochMilli(deadline)));
            return;
        }
        draft.add(new Event.DeadlinePassed());
        endRunning(draft, "Step exceeded its deadline", "Step exceeded its deadline", false);
    }

    private static void shutdown(Draft draft, Shutdown strategy) {
        Run run = draft.run();
        if (run.shutdown() == strategy || run.shutdown() == Shutdown.TERMINATE) {
            return;
        }
        if (run.phase() != WorkflowPhase.RUNNING || run.lacksLocks()) {
            // it never ran: there is nothing to stop but itself
            draft.add(new Event.ShutdownSet(strategy));
            WorkflowMachine.complete(draft, WorkflowPhase.FAILED, "Stopped with strategy '" + strategy.text() + "'");
            return;
        }
        draft.add(new Event.ShutdownSet(strategy));
        endRunning(
                draft,
                "workflow shutdown with strategy:  " + strategy.text(),
                "Stopped with strategy '" + strategy.text() + "'",
                strategy == Shutdown.TERMINATE);
    }

    /** Ends pods, suspend nodes and waiting retries; those of exit handlers only if asked to. */
    static void endRunning(Draft draft, String ofPods, String ofOthers, boolean exitToo) {
        for (Node node : draft.run().nodes()) {
            if (node.isFinal() || (node.isOnExit() && !exitToo)) {
                continue;
            }
            if (node.lacksLocks()) {
                draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.FAILED, ofOthers, draft.at()));
            } else if (node.type() == NodeType.POD) {
                Command.EndPod.How how =
                        node.phase() == NodePhase.PENDING ? Command.EndPod.How.DELETE : Command.EndPod.How.TERMINATE;
                PodMachine.stop(draft, node, ofPods, how);
            } else if (node.type() == NodeType.SUSPEND) {
                SuspendMachine.end(draft, node, NodePhase.FAILED, ofOthers);
            } else if (TaskMachine.isTask(node)) {
                TaskMachine.end(draft, node, NodePhase.FAILED, ofOthers);
            } else if (node.type() == NodeType.RETRY
                    && node.backoffUntil() > draft.at().toEpochMilli()) {
                if (node.isDaemoned()) { // what was ready has failed, and is waited for to be tried again
                    draft.add(new Event.NodeDaemoned(node.seq(), false));
                }
                draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.FAILED, ofOthers, draft.at()));
                draft.add(new Command.CancelTimer(TimerKey.retry(node)));
            }
        }
    }

    private static void suspend(Draft draft, boolean suspended) {
        if (draft.run().isSuspended() != suspended) {
            draft.add(new Event.SuspendedSet(suspended));
        }
    }

    private static void specChanged(Draft draft, Input.SpecChanged changed) {
        Run run = draft.run();
        Long parallelism = changed.parallelism() == null ? null : (Long) (long) changed.parallelism();
        boolean sameDeadline = Objects.equals(run.activeDeadlineSeconds(), changed.activeDeadlineSeconds());
        if (sameDeadline && Objects.equals(run.parallelism(), parallelism)) {
            return;
        }
        draft.add(new Event.SpecFieldsSet(changed.activeDeadlineSeconds(), parallelism));
        if (!sameDeadline && run.startedAt() > 0) {
            draft.add(
                    changed.activeDeadlineSeconds() == null
                            ? new Command.CancelTimer(TimerKey.DEADLINE)
                            : new Command.StartTimer(
                                    TimerKey.DEADLINE,
                                    Deadlines.afterSeconds(
                                            Instant.ofEpochSecond(run.startedAt() / 1000),
                                            changed.activeDeadlineSeconds())));
        }
    }
}
