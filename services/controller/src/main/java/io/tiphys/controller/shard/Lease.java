package io.tiphys.controller.shard;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How long this replica may take for granted that the shards it was given are still its own: as long as the group's
 * coordinator can't have given them to others. Nobody acts on a shard without it, so a replica that was away (paused, cut off)
 * does nothing when it comes back before it knows better. Safe for many threads.
 */
public final class Lease {
    private final long validNanos;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long until;
    private long losses;

    /** Not valid yet. The time that it is valid for after a confirmation must be below the group's session timeout. */
    public Lease(Duration validFor) {
        this(validFor, System::nanoTime);
    }

    /** With a clock of the caller's. */
    public Lease(Duration validFor, LongSupplier nanoClock) {
        this.validNanos = validFor.toNanos();
        this.nanoClock = nanoClock;
        this.until = nanoClock.getAsLong();
    }

    /** One that is always valid: for whoever is alone. */
    public static Lease unlimited() {
        Lease lease = new Lease(Duration.ofDays(36_500), System::nanoTime);
        lease.confirmed(System.nanoTime());
        return lease;
    }

    /** The coordinator knew us as a member at this time of {@link System#nanoTime} or later. */
    public void confirmed(long nanos) {
        lock.lock();
        try {
            long extended = nanos + validNanos;
            if (extended - until > 0) {
                until = extended;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The coordinator doesn't know us any more. */
    public void lost() {
        lock.lock();
        try {
            until = nanoClock.getAsLong();
            losses++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isValid() {
        return nanoClock.getAsLong() - until < 0;
    }

    /** Waits until it is valid; false if it isn't in time, or is lost meanwhile. */
    public boolean await(Duration atMost) throws InterruptedException {
        if (isValid()) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            long lossesBefore = losses;
            long remaining = atMost.toNanos();
            while (!isValid()) {
                if (remaining <= 0 || losses != lossesBefore) {
                    return false;
                }
                remaining = changed.awaitNanos(remaining);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
