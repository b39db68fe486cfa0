package io.tiphys.controller.kube;

import java.time.Duration;
import java.time.Instant;

/** How many events about nodes may be written: a burst at first, then so many a second, so that wide workflows cost the API server little. */
final class EventRate {
    private static final double BURST = 1_000;
    private static final double PER_SECOND = 50;

    private double tokens = BURST;
    private Instant last = Instant.EPOCH;

    synchronized boolean tryTake(Instant now) {
        if (now.isAfter(last)) {
            double seconds =
                    last.equals(Instant.EPOCH) ? 0 : Duration.between(last, now).toMillis() / 1000.0;
            tokens = Math.min(BURST, tokens + seconds * PER_SECOND);
            last = now;
        }
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
