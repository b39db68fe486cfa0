package io.tiphys.executor;

import java.io.InterruptedIOException;
import java.util.function.LongSupplier;

/**
 * How many transfers run at the same time, found out on the way: one more as long as that carries more bytes per second, one fewer when it
 * carries clearly less, half as many when something fails. Shared by all transfers of one direction; safe for many threads.
 */
public final class Pace implements Parallel.Gate {
    private static final int FIRST = 4;
    private static final double RISE = 1.05;
    private static final double FALL = 0.8;

    /** Windows without a change after which one more is tried again: the network may have become free. */
    private static final int PROBE_AFTER = 10;

    /**
     * What is known after a window of transfers.
     *
     * @param rate bytes per second when the limit was changed last; 0: anything counts as more
     * @param quiet windows since then
     */
    record State(int limit, double rate, int quiet) {
        State afterWindow(double seen, int most) {
            if (seen > rate * RISE || quiet >= PROBE_AFTER) {
                return new State(Math.min(most, limit + 1), seen, 0);
            }
            if (seen < rate * FALL) {
                return new State(Math.max(1, limit - 1), seen, 0);
            }
            return new State(limit, rate, quiet + 1);
        }

        State afterFailure() {
            return new State(Math.max(1, limit / 2), 0, 0);
        }
    }

    private final int most;
    private final LongSupplier nanoTime;
    private State state;
    private int running;
    private int done;
    private long bytes;
    private long windowBegan;

    public Pace(int most) {
        this(most, System::nanoTime);
    }

    Pace(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.state = new State(Math.min(FIRST, most), 0, 0);
        this.windowBegan = nanoTime.getAsLong();
    }

    synchronized int limit() {
        return state.limit();
    }

    /** Waits for a place. */
    @Override
    public synchronized void enter() throws InterruptedIOException {
        try {
            while (running >= state.limit()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to transfer");
        }
        if (running++ == 0) {
            beginWindow();
        }
    }

    /** So many bytes have arrived. */
    public synchronized void carried(long carriedBytes) {
        bytes += carriedBytes;
    }

    /** Gives a place back. */
    @Override
    public synchronized void leave() {
        running--;
        long elapsed = nanoTime.getAsLong() - windowBegan;
        if (++done >= 2 * state.limit() && elapsed > 0) {
            state = state.afterWindow(bytes * 1e9 / elapsed, most);
            beginWindow();
        }
        notifyAll();
    }

    /** An attempt failed for a passing reason. */
    public synchronized void failed() {
        if (done > 0 || state.rate() > 0) { // several that fail together count once
            state = state.afterFailure();
            beginWindow();
        }
    }

    private void beginWindow() {
        done = 0;
        bytes = 0;
        windowBegan = nanoTime.getAsLong();
    }
}
