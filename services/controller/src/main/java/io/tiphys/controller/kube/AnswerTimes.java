package io.tiphys.controller.kube;

import java.time.Duration;

/**
 * How long requests take, to tell whether they wait in the server's own line. They do when a typical one takes several times as long
 * as the quickest of the last minutes; within {@link #QUICK} it doesn't matter. Not safe for several threads.
 */
final class AnswerTimes {
    /** What nobody minds: with so much for each, a server that does 2,000 requests a second has 100 at once. */
    static final Duration QUICK = Duration.ofMillis(50);
    /** Some take longer than others for what they do, and our own machine is busy, too. */
    static final int TIMES_THE_QUICKEST = 4;

    private static final double QUICK_NANOS = (double) QUICK.toNanos();
    private static final int REMEMBERED = 32;
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private double typical;
    private long quickest = Long.MAX_VALUE;
    private long quickestBefore = Long.MAX_VALUE;
    private long windowBegan;
    private boolean isBegun;

    /** A request took so long; now it is this time. Both in nanoseconds. */
    void add(long took, long now) {
        if (!isBegun) {
            isBegun = true;
            windowBegan = now;
        } else if (now - windowBegan >= WINDOW) {
            windowBegan = now;
            quickestBefore = quickest;
            quickest = Long.MAX_VALUE;
        }
        quickest = Math.min(quickest, took);
        typical += (took - typical) / REMEMBERED;
    }

    boolean areSlow() {
        double longest = TIMES_THE_QUICKEST * (double) Math.min(quickest, quickestBefore);
        return typical > longest && typical > QUICK_NANOS;
    }
}
