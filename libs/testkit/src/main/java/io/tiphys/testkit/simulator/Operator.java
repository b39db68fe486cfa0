package io.tiphys.testkit.simulator;

import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.Input;
import io.tiphys.engine.Run;
import io.tiphys.engine.Shutdown;
import java.util.List;
import java.util.function.Consumer;

/** The people around a workflow: they resume what is suspended, and now and then they meddle. */
final class Operator {
    private final VirtualTime time;
    private final Dice dice;
    private final Consumer<Input> engine;

    Operator(VirtualTime time, Dice dice, Consumer<Input> engine) {
        this.time = time;
        this.dice = dice;
        this.engine = engine;
    }

    /** Does something to a workflow that runs. */
    void meddle(Run run) {
        switch (dice.below(6)) {
            case 0 -> engine.accept(new Input.SuspendRequested(time.now()));
            case 1 -> engine.accept(new Input.ResumeRequested(NodeFieldSelector.ALL, time.now()));
            case 2 -> engine.accept(new Input.ShutdownRequested(Shutdown.STOP, time.now()));
            case 3 -> engine.accept(new Input.ShutdownRequested(Shutdown.TERMINATE, time.now()));
            case 4 -> engine.accept(new Input.NodesStopped(NodeFieldSelector.ALL, "stopped by hand", time.now()));
            default ->
                engine.accept(
                        new Input.SpecChanged(run.activeDeadlineSeconds(), dice.between(1_000, 5_000), time.now()));
        }
    }

    /** Lets a workflow go on in which nothing happens by itself any more. */
    void resume() {
        engine.accept(new Input.ResumeRequested(NodeFieldSelector.ALL, time.now()));
    }

    void terminate() {
        engine.accept(new Input.ShutdownRequested(Shutdown.TERMINATE, time.now()));
    }

    void retry() {
        engine.accept(new Input.RetryRequested(dice.coin(), NodeFieldSelector.ALL, List.of(), time.now()));
    }
}
