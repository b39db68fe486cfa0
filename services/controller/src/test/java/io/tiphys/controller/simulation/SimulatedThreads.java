package io.tiphys.controller.simulation;

import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one process: each task runs some time after it was handed over, in one piece, in whatever order the dice say. Of
 * those that a process dies on, some had a request under way that takes effect all the same.
 */
final class SimulatedThreads extends AbstractExecutorService {
    private static final Duration LONGEST = Duration.ofMillis(60);
    private static final Duration LONGEST_WHEN_BUSY = Duration.ofSeconds(8);

    /** Whose threads they are. */
    interface Host {
        boolean isAlive();

        /** Something was ordered that will be done a while later. */
        void ordered();

        /** Whether it may act now; otherwise its threads wait. */
        boolean mayAct();

        /** Does something that was begun then: the process thinks that it still is then. */
        boolean actAsOf(Instant then, Runnable action);
    }

    private final World world;
    private final Dice dice;
    private final Host host;
    private int waiting;

    SimulatedThreads(World world, Dice dice, Host host) {
        this.world = world;
        this.dice = dice;
        this.host = host;
    }

    boolean isIdle() {
        return waiting == 0;
    }

    @Override
    public void execute(Runnable task) {
        host.ordered();
        runLater(task);
    }

    private void runLater(Runnable task) {
        waiting++;
        boolean isSlow = world.fails(30);
        Instant begun = world.time.now();
        world.time.after(dice.upTo(isSlow ? LONGEST_WHEN_BUSY : LONGEST), () -> {
            waiting--;
            boolean wasBegun = isSlow && world.fails(2);
            if (!host.isAlive()) {
                if (world.fails(4)) {
                    host.actAsOf(begun, task);
                }
            } else if (wasBegun && host.actAsOf(begun, task)) {
                world.note(() -> "a request is answered that was on its way when the process was held up");
            } else if (!host.mayAct() || !host.actAsOf(world.time.now(), task)) {
                runLater(task);
            }
        });
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
