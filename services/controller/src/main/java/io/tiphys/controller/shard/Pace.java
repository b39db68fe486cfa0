package io.tiphys.controller.shard;

import java.time.Duration;

/**
 * How long the shards of a replica let inputs come together before they take them. Each turn that changes something costs a write to
 * the journal, which costs the broker and all who read it about the same whether it carries one change or a hundred. So a replica
 * that has little to do takes each input at once, and a busy one what came between two ticks: all its shards at the same time, so
 * that their writes share requests, too. Safe for several threads.
 */
public final class Pace {
    /** From one turn of a busy shard to the next; nobody sees it next to the time that so many pods take to start. */
    static final Duration TICK = Duration.ofMillis(20);
    /** Inputs within {@link #WINDOW} from which a replica counts as busy: some ten pods, each of which is told of about five times. */
    static final int MANY = 50;

    static final Duration WINDOW = Duration.ofMillis(100);

    private final long origin;
    private long windowBegan;
    private int inputs;
    private boolean isBusy;

    /** All times are those of {@link System#nanoTime()}. */
    public Pace(long now) {
        this.origin = now;
        this.windowBegan = now;
    }

    /** How long to wait at this time before inputs are taken; zero to take them at once. */
    synchronized Duration rest(long now) {
        roll(now);
        return isBusy ? Duration.ofNanos(TICK.toNanos() - Math.floorMod(now - origin, TICK.toNanos())) : Duration.ZERO;
    }

    /** A turn begins with so many inputs. */
    synchronized void took(int count, long now) {
        roll(now);
        inputs += count;
        isBusy |= inputs >= MANY;
    }

    private void roll(long now) {
        long age = now - windowBegan;
        if (age >= WINDOW.toNanos()) {
            isBusy = inputs >= MANY && age < 2 * WINDOW.toNanos();
            inputs = 0;
            windowBegan = now;
        }
    }
}
