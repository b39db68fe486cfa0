package io.tiphys.controller.shard;

import java.time.Duration;

/** How long to wait before something that the API server could not do is tried again: from a second, doubled, to a minute. */
final class Pauses {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Pauses() {}

    /** After so many failures before this one. */
    static Duration after(int failures) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
