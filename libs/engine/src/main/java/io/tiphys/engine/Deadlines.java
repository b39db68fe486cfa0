package io.tiphys.engine;

import java.time.Duration;
import java.time.Instant;

/** Times to come, of lengths that users choose: what would lie beyond what a clock can show lies at the end of time. */
public final class Deadlines {
    /** As late as anybody will ever wait for, and as early. */
    private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    private static final Instant LONG_AGO = Instant.EPOCH;

    private Deadlines() {}

    public static Instant after(Instant from, Duration length) {
        if (length.compareTo(Duration.between(from, NEVER)) >= 0) {
            return NEVER;
        }
        return length.compareTo(Duration.between(from, LONG_AGO)) <= 0 ? LONG_AGO : from.plus(length);
    }

    public static Instant afterSeconds(Instant from, long seconds) {
        return after(from, Duration.ofSeconds(seconds));
    }
}
