package io.tiphys.testkit.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * A clock that stands still until {@link #advance} moves it to the next thing that is due. What is due at the same time happens in the
 * order in which it was asked for.
 */
public final class VirtualTime {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TreeSet<Due> dues =
            new TreeSet<>(Comparator.comparing((Due due) -> due.at).thenComparingLong(due -> due.order));
    private Instant now = START;
    private long asked;

    /** Something that will happen unless it is cancelled. */
    public final class Due {
        private final Instant at;
        private final long order;
        private final Runnable action;

        private Due(Instant at, long order, Runnable action) {
            this.at = at;
            this.order = order;
            this.action = action;
        }

        public void cancel() {
            dues.remove(this);
        }
    }

    public Instant now() {
        return now;
    }

    /** How much time went by since the beginning. */
    public Duration elapsed() {
        return Duration.between(START, now);
    }

    public Due after(Duration delay, Runnable action) {
        return at(now.plus(delay), action);
    }

    /** What should have been done before is done next. */
    public Due at(Instant at, Runnable action) {
        Due due = new Due(at.isBefore(now) ? now : at, asked++, action);
        dues.add(due);
        return due;
    }

    /** Whether nothing will ever happen by itself. */
    public boolean isIdle() {
        return dues.isEmpty();
    }

    /** Whether something is due this very moment. */
    public boolean isDue() {
        return !dues.isEmpty() && !dues.getFirst().at.isAfter(now);
    }

    /** Moves on to the next thing and lets it happen; false if there is none. */
    public boolean advance() {
        Due next = dues.pollFirst();
        if (next == null) {
            return false;
        }
        now = next.at;
        next.action.run();
        return true;
    }
}
