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
    private final double perSecond;
    private final int burst;
    private final Map<String, Instant> moments = new HashMap<>();
    private double tokens;
    private Instant last;

    /**
     * A rate that begins with all of its burst.
     *
     * @param perSecond above 0
     * @param burst at least 1
     */
    PodRate(Clock clock, double perSecond, int burst) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.last = clock.instant();
    }

    /** Whether the pod may be created now. */
    synchronized boolean mayCreate(PodOrder order) {
        Instant now = clock.instant();
        tokens = Math.min(burst, tokens + seconds(last, now) * perSecond);
        last = now;
        String key = order.namespace() + "/" + order.name();
        Instant moment = moments.get(key);
        if (moment == null) {
            if (tokens >= 1) {
                tokens--;
                return true;
            }
            tokens--; // a debt, which those who come later wait for as well
            moments.put(key, now.plusNanos((long) (-tokens / perSecond * 1e9)));
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

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toNanos() / 1e9);
    }
}
