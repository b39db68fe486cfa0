package io.tiphys.controller.kube;

import java.time.Duration;
import java.time.Instant;

/** A burst at first, then so many a second; what is taken beyond that is a debt, which is paid before anything is free again. For one thread. */
public final class TokenBucket {
    private final double perSecond;
    private final double burst;
    private double tokens;
    private Instant last = Instant.EPOCH;

    /**
     * A full one.
     *
     * @param perSecond above 0
     * @param burst at least 1
     */
    public TokenBucket(double perSecond, double burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
    }

    /** Whether one was taken: only if so many others are left. */
    boolean tryTake(Instant now, double left) {
        fill(now);
        if (tokens < left + 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Takes one, be it a debt, and returns when it may be used: now, or as soon as the debt is paid. */
    public Instant book(Instant now) {
        fill(now);
        tokens--;
        return tokens >= 0 ? now : now.plusNanos((long) (-tokens / perSecond * 1e9));
    }

    /** One that was taken isn't needed. */
    public void giveBack() {
        tokens = Math.min(burst, tokens + 1);
    }

    private void fill(Instant now) {
        if (now.isAfter(last)) {
            double seconds = Duration.between(last, now).toNanos() / 1e9; // asked often, milliseconds would all be zero
            tokens = Math.min(burst, tokens + seconds * perSecond);
            last = now;
        }
    }
}
