package io.tiphys.controller.kube;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many pods this replica may create, Argo's {@code resourceRateLimit}: a burst at first, then so many a second. Who comes too early
 * is told so at once and gets the next free moment: from then on a later try succeeds. For any thread.
 */
final class PodRate {
    /** A moment that nobody came back for is given up: its node was ended meanwhile. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    private final Clock clock;
    private final TokenBucket bucket;
    private final Map<String, Instant> moments = new HashMap<>();

    /**
     * A rate that begins with all of its burst.
     *
     * @param perSecond above 0
     * @param burst at least 1
     */
    PodRate(Clock clock, double perSecond, int burst) {
        this.clock = clock;
        this.bucket = new TokenBucket(perSecond, burst);
    }

    /** Whether the pod may be created now. */
    synchronized boolean mayCreate(PodOrder order) {
        Instant now = clock.instant();
        String key = order.namespace() + "/" + order.name();
        Instant moment = moments.get(key);
        if (moment == null) {
            Instant booked = bucket.book(now);
            if (!booked.isAfter(now)) {
                return true;
            }
            moments.put(key, booked);
            giveUpForgotten(now);
            return false;
        }
        if (now.isBefore(moment)) {
            return false;
        }
        moments.remove(key);
        return true;
    }

    private void giveUpForgotten(Instant now) {
        Instant then = now.minus(FORGOTTEN);
        moments.values().removeIf(moment -> moment.isBefore(then));
    }
}
