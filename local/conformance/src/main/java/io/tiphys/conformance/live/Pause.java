package io.tiphys.conformance.live;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting between looks. */
final class Pause {
    private Pause() {}

    static void of(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }
}
