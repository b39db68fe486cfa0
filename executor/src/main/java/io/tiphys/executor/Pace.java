package io.tiphys.executor;

import java.io.InterruptedIOException;
import java.util.function.LongSupplier;

/**
 * How many transfers run at the same time, found out on the way: one more as long as that carries more bytes per second (tried again now and
 * then, and taken back), one fewer when it carries clearly less, half as many when something fails. Shared by all transfers of one direction; safe for many threads.
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
     * @param rate bytes per second that one place fewer carried, or this many where nothing is being tried; 0: anything counts as more
     * @param quiet windows without a change
     * @param trying whether the last place is there on trial
     */
    record State(int limit, double rate, int quiet, boolean trying) {
        State afterWindow(double seen, int most) {
            if (seen > rate * RISE || (quiet >= PROBE_AFTER && !trying)) {
                return new State(Math.min(most, limit + 1), seen, 0, limit < most);
            }
            if (trying) {
                return new State(limit - 1, rate, 0, false);
            }
            if (seen < rate * FALL) {
                return new State(Math.max(1, limit - 1), seen, 0, false);
            }
            return new State(limit, rate, quiet + 1, false);
        }

        State afterFailure() {
            return new State(Math.max(1, limit / 2), 0, 0, false);
        }
    }

    private final int most;
    private final LongSupplier nanoTime;
    private State state;
    private int running;
    private int done;
    private long bytes;
    private long windowBegan;
    private long idleSince;

    public Pace(int most) {
        this(most, System::nanoTime);
    }

    Pace(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.state = new State(Math.min(FIRST, most), 0, 0, false);
        this.windowBegan = nanoTime.getAsLong();
        this.idleSince = windowBegan;
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
            windowBegan += nanoTime.getAsLong() - idleSince; // a time without transfers says nothing
        }
    }

    /** So many bytes have arrived. */
    public synchronized void carried(long carriedBytes) {
        bytes += carriedBytes;
    }

    /** Gives a place back. */
    @Override
    public synchronized void leave() {
        long now = nanoTime.getAsLong();
        if (--running == 0) {
            idleSince = now;
        }
        long elapsed = now - windowBegan;
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
