package io.tiphys.engine.workflow;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Deadlines;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Run;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.definition.CompiledArguments;
import io.tiphys.engine.definition.Hook;
import io.tiphys.engine.hook.HookMachine;
import io.tiphys.engine.launch.Boundaries;
import io.tiphys.engine.launch.Call;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.launch.Launcher;
import io.tiphys.engine.launch.Slots;
import io.tiphys.engine.metric.MetricMachine;
import io.tiphys.engine.sync.LockMachine;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workflow: nothing → {@code Running} → entry node ends → exit handler → {@code Succeeded}, {@code Failed} or
 * {@code Error}. {@code Pending} while it may not run yet.
 */
public final class WorkflowMachine {
    private WorkflowMachine() {}

    /** The workflow may run. */
    public static void start(Draft draft) {
        Run run = draft.run();
        if (run.phase() != WorkflowPhase.UNKNOWN && run.phase() != WorkflowPhase.PENDING) {
            return;
        }
        String problem = run.definition().problem();
        if (problem != null) {
            complete(draft, WorkflowPhase.ERROR, problem);
            return;
        }
        if (run.lacksLocks()) {
            LockMachine.want(draft);
        } else {
            begin(draft);
        }
    }

    /** The workflow has all that it needs to run; only now does its deadline's clock begin. */
    public static void begin(Draft draft) {
        Run run = draft.run();
        if (run.phase() == WorkflowPhase.RUNNING) {
            return;
        }
        draft.add(new Event.WorkflowPhaseChanged(WorkflowPhase.RUNNING, null, draft.at()));
        if (run.activeDeadlineSeconds() != null) {
            Instant deadline =
                    Deadlines.afterSeconds(draft.at().truncatedTo(ChronoUnit.SECONDS), run.activeDeadlineSeconds());
            draft.add(new Command.StartTimer(TimerKey.DEADLINE, deadline));
        }
        if (Boolean.TRUE.equals(run.definition().spec().suspend())) {
            draft.add(new Event.SuspendedSet(true));
        }
    }

    public static void attend(Draft draft) {
        Run run = draft.run();
        if (run.phase() != WorkflowPhase.RUNNING) {
            return;
        }
        if (run.lacksLocks()) {
            LockMachine.want(draft); // taken up again, it needs its locks anew
            return;
        }
        Node entry = run.entry();
        if (entry == null) {
            enter(draft);
            return;
        }
        if (!entry.hasBegun()) {
            MetricMachine.workflow(draft, run.phase());
        }
        boolean areFaultsFinal = run.definition().settings().isEntryFaultFinal();
        boolean isFault = areFaultsFinal && entry.isFulfilled() && isHandedOn(entry);
        if ((!isFault && fireHooks(draft, entry)) || !entry.isFulfilled()) {
            return;
        }
        Family family = entry.family();
        if (family != null && family.openHooks() > 0) {
            return; // Argo: the exit handler waits for hooks
        }
        if (!isFault && run.exit() == null && fireExit(draft, entry)) {
            return;
        }
        if (hasDaemons(run, entry)) {
            Boundaries.endDaemons(draft, null); // and then it is looked at again
        } else if (isFault) {
            complete(draft, WorkflowPhase.ERROR, "error in entry template execution: " + entry.message());
        } else if (areFaultsFinal && run.exit() != null && isHandedOn(run.exit())) {
            // Argo: whatever the entry came to
            complete(
                    draft,
                    WorkflowPhase.ERROR,
                    "error in exit template execution : " + run.exit().message());
        } else {
            end(draft, entry);
        }
    }

    private static boolean isHandedOn(Node node) {
        return Faults.isFault(node) || Faults.isTimeout(node);
    }

    private static boolean hasDaemons(Run run, Node entry) {
        Node exit = run.exit();
        return entry.isDaemoned()
                || (exit != null && exit.isDaemoned())
                || entry.members().stream().anyMatch(Node::isDaemoned);
    }

    private static void enter(Draft draft) {
        Run run = draft.run();
        if (Launcher.refusal(run, false) == null && Slots.missing(draft, null) != null) {
            return; // Argo: with a parallelism of 0 not even the entry begins
        }
        Launcher.launch(
                draft,
                new Call(
                        null,
                        null,
                        Origin.of(Origin.Kind.ENTRY, 0),
                        run.definition().entrypoint(),
                        "",
                        CompiledArguments.of(run.definition().arguments()).withOverrides(run.parameterOverrides()),
                        run.scope(),
                        false));
    }

    /** True if one was fired just now. */
    private static boolean fireHooks(Draft draft, Node entry) {
        Run run = draft.run();
        boolean fired = false;
        for (Hook hook : run.definition().hooks()) {
            if (!hook.isExit() && !HookMachine.hasFired(entry, hook) && HookMachine.holds(hook, run.scope())) {
                launch(draft, entry, hook, run.scope(), false);
                fired = true;
            }
        }
        return fired;
    }

    private static boolean fireExit(Draft draft, Node entry) {
        Run run = draft.run();
        if (run.shutdown() == Shutdown.TERMINATE) {
            return false;
        }
        for (Hook hook : run.definition().hooks()) {
            if (hook.isExit()) { // Argo: whatever its expression says
                launch(draft, entry, hook, run.scope(), true);
                return true;
            }
        }
        return false;
    }

    private static void launch(Draft draft, Node entry, Hook hook, Scope scope, boolean onExit) {
        Launcher.launch(
                draft,
                new Call(
                        entry,
                        null,
                        HookMachine.origin(hook),
                        hook.callee(),
                        hook.name(),
                        hook.arguments(),
                        scope,
                        onExit));
    }

    private static void end(Draft draft, Node entry) {
        Run run = draft.run();
        Node exit = run.exit();
        NodePhase phase = entry.phase();
        String hookProblem = run.shutdown() == null ? hookProblem(run, entry) : null;
        if (hookProblem != null) {
            complete(draft, WorkflowPhase.ERROR, hookProblem);
        } else if (phase.isFailedOrError()) {
            String message = run.shutdown() != null
                    ? "Stopped with strategy '" + run.shutdown().text() + "'"
                    : entry.message();
            complete(draft, phase == NodePhase.FAILED ? WorkflowPhase.FAILED : WorkflowPhase.ERROR, message);
        } else if (exit != null && exit.phase().isFailedOrError()) {
            complete(
                    draft,
                    exit.phase() == NodePhase.FAILED ? WorkflowPhase.FAILED : WorkflowPhase.ERROR,
                    exit.message());
        } else {
            complete(draft, WorkflowPhase.SUCCEEDED, null);
        }
    }

    private static @Nullable String hookProblem(Run run, Node entry) {
        List<Hook> hooks =
                run.definition().hooks().stream().filter(hook -> !hook.isExit()).toList();
        return HookMachine.problem(hooks, entry, run.scope());
    }

    /** Ends the workflow. */
    public static void complete(Draft draft, WorkflowPhase phase, @Nullable String message) {
        draft.add(new Event.WorkflowPhaseChanged(phase, message, draft.at()));
        if (draft.run().activeDeadlineSeconds() != null) {
            draft.add(new Command.CancelTimer(TimerKey.DEADLINE));
        }
        draft.add(new Command.CompleteWorkflow(phase, message));
    }
}
