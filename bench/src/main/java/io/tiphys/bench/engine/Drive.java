package io.tiphys.bench.engine;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Engine;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayDeque;

/** Runs one workflow from its start to its end, being all the world to it. */
final class Drive {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final Run run;
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private final Locksmith locks = new Locksmith();
    private long events;
    private long transitions;
    private long lookUps;

    Drive(WorkflowDefinition definition) {
        run = Run.create(definition);
    }

    /** Everything counts: the making of nodes, and what the locks take to answer. */
    void go() {
        inputs.add(new Input.Started(AT));
        for (Input input = inputs.poll(); input != null; input = inputs.poll()) {
            events++;
            Transition transition = Engine.step(run, input);
            for (Event event : transition.events()) {
                if (event instanceof Event.NodePhaseChanged || event instanceof Event.NodeAdded) {
                    transitions++;
                }
            }
            transition.commands().forEach(this::obey);
            locks.answer(AT, inputs::add);
        }
        if (run.phase() != WorkflowPhase.SUCCEEDED) {
            throw new IllegalStateException("the workflow should have succeeded, but is %s: %s; its first nodes: %s"
                    .formatted(
                            run.phase(),
                            run.message(),
                            run.nodes().stream()
                                    .limit(5)
                                    .map(node -> node + " " + node.message())
                                    .toList()));
        }
    }

    private void obey(Command command) {
        switch (command) {
            case Command.EnsurePod order -> Pods.ordered(order, AT, inputs::add);
            case Command.AcquireLocks wish -> locks.want(wish, AT);
            case Command.ReleaseLocks release -> locks.release(release);
            case Command.LookUpCache asked ->
                inputs.add(new Input.CacheLookedUp(
                        asked.nodeId(), asked.key(), lookUps++ % 2 == 0 ? AT : null, null, null, AT));
            case Command.SaveCache save -> inputs.add(new Input.CacheSaved(save.nodeId(), AT));
            case Command.EndPod _,
                    Command.RunTask _,
                    Command.DropTask _,
                    Command.StartTimer _,
                    Command.CancelTimer _,
                    Command.RecordMetric _,
                    Command.CompleteWorkflow _ -> {}
        }
    }

    Run run() {
        return run;
    }

    long events() {
        return events;
    }

    long transitions() {
        return transitions;
    }
}
