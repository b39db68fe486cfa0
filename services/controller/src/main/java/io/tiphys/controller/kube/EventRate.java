package io.tiphys.controller.kube;

import java.time.Instant;

/**
 * How many Kubernetes Events may be written, so that they never are what keeps the API server busy: a burst at first, then so
 * many a second. What tells of a node leaves a part of the burst to what tells of whole workflows.
 */
final class EventRate {
    private static final double BURST = 200;
    private static final double PER_SECOND = 10;
    private static final double LEFT_TO_WORKFLOWS = BURST / 2;

    private final TokenBucket bucket = new TokenBucket(PER_SECOND, BURST);

    /** Whether there is room for an event about a workflow. */
    synchronized boolean tryTake(Instant now) {
        return bucket.tryTake(now, 0);
    }

    /** Whether there is room for an event about a node. */
    synchronized boolean tryTakeForNode(Instant now) {
        return bucket.tryTake(now, LEFT_TO_WORKFLOWS);
    }
}
