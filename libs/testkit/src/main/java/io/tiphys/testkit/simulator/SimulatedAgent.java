package io.tiphys.testkit.simulator;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Input;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The workflow's agent: answers each task after a while, for better or worse, some plugins only when asked again. */
final class SimulatedAgent {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final VirtualTime time;
    private final Dice dice;
    private final Consumer<Input> engine;
    private final Set<String> tasks = new HashSet<>();
    private boolean calm;

    SimulatedAgent(VirtualTime time, Dice dice, Consumer<Input> engine) {
        this.time = time;
        this.dice = dice;
        this.engine = engine;
    }

    /** From now on everything goes well. */
    void calmDown() {
        calm = true;
    }

    void run(String nodeId) {
        if (tasks.add(nodeId)) {
            time.after(dice.upTo(LONGEST), () -> answer(nodeId));
        }
    }

    void drop(String nodeId) {
        tasks.remove(nodeId);
    }

    private void answer(String nodeId) {
        if (!tasks.contains(nodeId)) {
            return;
        }
        switch (calm ? 9 : dice.below(10)) {
            case 0 -> end(nodeId, NodePhase.FAILED, "no");
            case 1 -> end(nodeId, NodePhase.ERROR, "out of order");
            case 2 -> {
                say(nodeId, NodePhase.RUNNING, "not yet");
                time.after(dice.upTo(LONGEST), () -> answer(nodeId));
            }
            default -> end(nodeId, NodePhase.SUCCEEDED, null);
        }
    }

    private void end(String nodeId, NodePhase phase, @Nullable String message) {
        tasks.remove(nodeId);
        say(nodeId, phase, message);
    }

    private void say(String nodeId, NodePhase phase, @Nullable String message) {
        Outputs outputs = phase == NodePhase.SUCCEEDED ? new Outputs(List.of(), List.of(), "[1,2]", null) : null;
        engine.accept(
                new Input.TaskResultReceived(nodeId, outputs, phase, message, null, phase.isFulfilled(), time.now()));
    }
}
