package io.tiphys.controller.kube;

import java.time.Duration;
import java.time.Instant;

/**
 * How many Kubernetes Events may be written, so that they never are what keeps the API server busy: a burst at first, then so
 * many a second. What tells of a node leaves a part of the burst to what tells of whole workflows.
 */
final class EventRate {
    private static final double BURST = 200;
    private static final double PER_SECOND = 10;
    private static final double LEFT_TO_WORKFLOWS = BURST / 2;

    private double tokens = BURST;
    private Instant last = Instant.EPOCH;

    /** Whether there is room for an event about a workflow. */
    boolean tryTake(Instant now) {
        return tryTake(now, 0);
    }

    /** Whether there is room for an event about a node. */
    boolean tryTakeForNode(Instant now) {
        return tryTake(now, LEFT_TO_WORKFLOWS);
    }

    private synchronized boolean tryTake(Instant now, double left) {
        if (now.isAfter(last)) {
            double seconds =
                    last.equals(Instant.EPOCH) ? 0 : Duration.between(last, now).toMillis() / 1000.0;
            tokens = Math.min(BURST, tokens + seconds * PER_SECOND);
            last = now;
        }
        if (tokens < left + 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
