package io.tiphys.testkit.simulator;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.Limits;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.References;
import io.tiphys.testkit.Journal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One workflow from its start to its end in the engine, all else simulated. Whatever happens is a function of workflow, references and
 * seed. After every step the {@link Invariant}s are checked, and now and then that replay, restore and resync come out the same.
 */
public final class WorkflowSimulation {
    /** Inputs for each node that it may have, before everything begins to go well, and before it counts as endless. */
    private static final int LIVELY = 6;

    private static final int ENDLESS = 60;

    private final Journal journal;
    private final Limits limits;
    private final VirtualTime time = new VirtualTime();
    private final Dice dice;
    private final SimulatedPods pods;
    private final SimulatedAgent agent;
    private final SimulatedCaches caches;
    private final SimulatedLocks locks;
    private final Operator operator;
    private final List<Invariant> invariants = Invariant.all();
    private final Map<String, VirtualTime.Due> timers = new HashMap<>();
    private int inputs;

    private WorkflowSimulation(Workflow workflow, References references, Limits limits, Dice dice) {
        this.journal = new Journal(workflow, references, limits);
        this.limits = limits;
        this.dice = dice;
        this.pods = new SimulatedPods(time, dice.split(), this::give);
        this.agent = new SimulatedAgent(time, dice.split(), this::give);
        this.caches = new SimulatedCaches(time, dice.split(), this::give);
        this.locks = new SimulatedLocks(time, dice.split(), this::give);
        this.operator = new Operator(time, dice.split(), this::give);
    }

    /**
     * Runs the workflow to its end.
     *
     * @param limits bounds the run, and so the simulation
     * @throws AssertionError if an invariant breaks, if the workflow stands still for no reason, or if it doesn't end
     */
    public static WorkflowPhase run(Workflow workflow, References references, Limits limits, Dice dice) {
        return new WorkflowSimulation(workflow, references, limits, dice).toTheEnd();
    }

    private WorkflowPhase toTheEnd() {
        boolean meddles = dice.oneIn(8);
        int retries = dice.oneIn(10) ? 1 : 0;
        give(new Input.Started(time.now()));
        while (true) {
            untilTheEnd(meddles);
            waysBack();
            invariants.forEach(invariant -> invariant.atTheEnd(run()));
            if (retries-- == 0 || run().phase() == WorkflowPhase.SUCCEEDED) {
                return run().phase();
            }
            operator.retry();
        }
    }

    private void untilTheEnd(boolean meddles) {
        while (!run().phase().isFulfilled()) {
            if (!time.advance()) {
                unblock();
            } else if (meddles && dice.oneIn(20)) {
                operator.meddle(run());
            }
            if (dice.oneIn(100)) {
                waysBack();
            }
        }
    }

    private Run run() {
        return journal.run();
    }

    /** Nothing happens by itself any more: somebody must resume, or the workflow waits for what it can't get. */
    private void unblock() {
        int before = journal.events().size();
        operator.resume();
        if (journal.events().size() > before || !time.isIdle() || run().phase().isFulfilled()) {
            return;
        }
        if (!mayStandStill()) {
            throw new AssertionError("nothing happens any more, but the workflow is " + run().phase() + ": "
                    + run().nodes().stream()
                            .filter(node -> !node.isFinal())
                            .map(node ->
                                    node + (node.isDaemoned() ? " daemoned" : "") + (node.isPodSeen() ? " seen" : ""))
                            .toList());
        }
        operator.terminate();
    }

    /**
     * Argo: a limit of none is one that nobody gets past, daemons keep their slots, and who wants a lock that its own
     * workflow holds around it waits for ever.
     */
    private boolean mayStandStill() {
        if (run().lacksLocks() || run().nodes().stream().anyMatch(Node::lacksLocks)) {
            return true;
        }
        boolean daemons = run().nodes().stream().anyMatch(Node::isDaemoned);
        return closes(run().parallelism(), daemons)
                || run().nodes().stream()
                        .map(Node::template)
                        .anyMatch(template -> template != null && closes(template.parallelism(), daemons));
    }

    private static boolean closes(@Nullable Long limit, boolean daemons) {
        return limit != null && (daemons || limit <= 0);
    }

    private void waysBack() {
        if (time.isDue()) {
            return; // a run that is restored now does what is due now
        }
        journal.replayIsTheSame();
        journal.restoreIsTheSame(time.now());
        journal.resyncChangesNothing();
    }

    private void give(Input input) {
        inputs++;
        if (inputs == LIVELY * limits.nodes()) {
            pods.calmDown();
            agent.calmDown();
        } else if (inputs > ENDLESS * limits.nodes()) {
            throw new AssertionError(
                    "no end after " + inputs + " inputs and " + time.elapsed() + ", " + run().nodeCount() + " nodes");
        }
        Transition transition = journal.step(input);
        Step step = new Step(run(), input, transition);
        invariants.forEach(invariant -> invariant.after(step));
        transition.removedNodeIds().forEach(id -> {
            pods.forget(id);
            agent.drop(id);
        });
        transition.commands().forEach(this::carryOut);
    }

    private void carryOut(Command command) {
        switch (command) {
            case Command.EnsurePod order -> pods.ensure(order);
            case Command.EndPod end -> pods.end(end);
            case Command.RunTask(var nodeId, var _) -> agent.run(nodeId);
            case Command.DropTask(var nodeId) -> agent.drop(nodeId);
            case Command.LookUpCache asked -> caches.lookUp(asked);
            case Command.SaveCache save -> caches.save(save);
            case Command.AcquireLocks acquire -> locks.acquire(acquire);
            case Command.ReleaseLocks release -> locks.release(release);
            case Command.StartTimer(var key, var at) -> start(key, at);
            case Command.CancelTimer(var key) -> cancel(key);
            case Command.RecordMetric _, Command.CompleteWorkflow _ -> {}
        }
    }

    private void start(String key, Instant at) {
        cancel(key);
        timers.put(key, time.at(at, () -> {
            timers.remove(key);
            give(new Input.TimerFired(key, time.now()));
        }));
    }

    private void cancel(String key) {
        VirtualTime.Due due = timers.remove(key);
        if (due != null) {
            due.cancel();
        }
    }
}
