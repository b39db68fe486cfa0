package io.tiphys.controller.shard;

import io.tiphys.controller.kube.TokenBucket;
import java.time.Instant;

/**
 * How many statuses a replica writes that only show how far its workflows are, so that a thousand of them, each of which would
 * write once a second, never are what keeps the API server busy. That workflows have begun is counted apart: that they
 * are seen at all doesn't wait for the progress of others. What somebody waits for, their ends above all, isn't counted. For any thread.
 */
public final class StatusRate {
    static final int BURST = 50;

    private final TokenBucket beginnings;
    private final TokenBucket progress;

    /**
     * A rate that begins with all of its burst.
     *
     * @param perSecond of each of the two
     * @throws IllegalArgumentException if it isn't above 0
     */
    public StatusRate(double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("TIPHYS_CONTROLLER_STATUS_RATE must be above 0, not " + perSecond);
        }
        this.beginnings = new TokenBucket(perSecond, BURST);
        this.progress = new TokenBucket(perSecond, BURST);
    }

    /** A write's turn, which comes at that time. */
    record Turn(Instant at, TokenBucket bucket) {}

    /** The next free turn. */
    synchronized Turn book(Instant now, boolean isBeginning) {
        TokenBucket bucket = isBeginning ? beginnings : progress;
        return new Turn(bucket.book(now), bucket);
    }

    /** A turn that nothing was written in. */
    synchronized void giveBack(Turn turn) {
        turn.bucket().giveBack();
    }
}
