package io.tiphys.controller.shard;

import java.time.Duration;

/**
 * How long a shard's loop lets inputs come together before it takes them. Each turn that changes something costs a write to the
 * journal, which costs the broker and all who read it about the same whether it carries one change or a hundred. So a shard that
 * has little to do takes each input at once, and a busy one what came within {@link #TURN}. Not safe for several threads.
 */
final class Pace {
    /** From one turn of a busy shard to the next; nobody sees it next to the time that so many pods take to start. */
    static final Duration TURN = Duration.ofMillis(20);
    /** Inputs within {@link #WINDOW} from which a shard counts as busy: some ten pods, each of which is told of about five times. */
    static final int MANY = 50;

    static final Duration WINDOW = Duration.ofMillis(100);

    private long windowBegan;
    private int inputs;
    private boolean isBusy;
    private long lastTurn;

    /** All times are those of {@link System#nanoTime()}. */
    Pace(long now) {
        this.windowBegan = now;
        this.lastTurn = now - TURN.toNanos();
    }

    /** How long to wait at this time before inputs are taken; zero to take them at once. */
    Duration rest(long now) {
        roll(now);
        long until = lastTurn + TURN.toNanos() - now;
        return isBusy && until > 0 ? Duration.ofNanos(until) : Duration.ZERO;
    }

    /** A turn begins with so many inputs. */
    void took(int count, long now) {
        roll(now);
        inputs += count;
        isBusy |= inputs >= MANY;
        lastTurn = now;
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
