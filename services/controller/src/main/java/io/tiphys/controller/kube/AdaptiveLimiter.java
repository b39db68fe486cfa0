package io.tiphys.controller.kube;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests may be with the API server at once. The number grows by one for each round of requests that went well
 * and halves when the server says that it is too much (429, 5xx, time-outs), as TCP does with its window. Threads wait for
 * their turn; they should be virtual.
 */
public final class AdaptiveLimiter {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final int min;
    private final int max;
    private double limit;
    private int inFlight;

    public AdaptiveLimiter(int min, int initial, int max) {
        if (min < 1 || initial < min || max < initial) {
            throw new IllegalArgumentException(
                    "limits must rise from 1: min %d, initial %d, max %d".formatted(min, initial, max));
        }
        this.min = min;
        this.max = max;
        this.limit = initial;
    }

    /** Waits for a turn. Each call must be followed by one of {@link #succeeded} or {@link #overloaded}. */
    public void acquire() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (inFlight >= (int) limit) {
                freed.await();
            }
            inFlight++;
        } finally {
            lock.unlock();
        }
    }

    /** The server answered in good order, be it with an error of the request's own. */
    public void succeeded() {
        lock.lock();
        try {
            inFlight--;
            limit = Math.min(max, limit + 1 / limit);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The server could not keep up. */
    public void overloaded() {
        lock.lock();
        try {
            inFlight--;
            limit = Math.max(min, limit / 2);
            freed.signal();
        } finally {
            lock.unlock();
        }
    }

    public int limit() {
        lock.lock();
        try {
            return (int) limit;
        } finally {
            lock.unlock();
        }
    }

    public int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }
}
