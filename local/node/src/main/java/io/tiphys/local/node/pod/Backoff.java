package io.tiphys.local.node.pod;

import java.time.Duration;

/** How long to wait before the next try: twice as long each time, within bounds. Not safe for several threads. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    /** The wait after one more failure. */
    public Duration next() {
        Duration wait = next;
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return wait;
    }

    /** Something succeeded: start over. */
    public void reset() {
        next = FIRST;
    }
}
