package io.tiphys.controller.kube;

import io.tiphys.controller.kube.Demand.Urgency;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may be with the API server at once. As TCP does with its window: the number doubles with each round of
 * requests that went well until the server first says that it is too much (429, 5xx, time-outs); then it halves, and grows by
 * one per round from there. Requests that were under way when it halved say nothing new and don't halve it again. While the
 * server asks to be left alone ({@code Retry-After}) nobody gets a turn. Whose turn it is, {@link WaitingLine} says.
 *
 * <p>A server that is slow without a word has as many as it can work at, and the rest stands in its line, where nobody goes before
 * anybody: then the number shrinks by a tenth per round, to no less than {@value #LEAST_WHEN_SLOW}, until answers come in good
 * time again ({@link AnswerTimes}).
 *
 * <p>Threads wait for their turn; they should be virtual.
 */
public final class AdaptiveLimiter {
    static final int LEAST_WHEN_SLOW = 32;
    private static final double SHRINKS_BY = 0.1;

    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingLine<Turn> waiting = new WaitingLine<>();
    private final AnswerTimes answers = new AnswerTimes();
    private final LongSupplier nanos;
    private final int min;
    private final int max;
    private double limit;
    private double slowStartUntil;
    private int inFlight;
    private int tidyingInFlight;
    private long round;
    private long closedUntil;
    private boolean isClosed;

    /** A turn: one request may be with the server until it is given back. */
    public static final class Turn {
        private final CountDownLatch granted = new CountDownLatch(1);
        private final boolean isTidying;
        private long round;
        private long grantedAt;
        private boolean isGranted;
        private boolean isGivenUp;

        private Turn(Demand demand) {
            this.isTidying = demand.urgency() == Urgency.TIDYING;
        }
    }

    public AdaptiveLimiter(int min, int initial, int max) {
        this(min, initial, max, System::nanoTime);
    }

    AdaptiveLimiter(int min, int initial, int max, LongSupplier nanos) {
        if (min < 1 || initial < min || max < initial) {
            throw new IllegalArgumentException(
                    "limits must rise from 1: min %d, initial %d, max %d".formatted(min, initial, max));
        }
        this.min = min;
        this.max = max;
        this.limit = initial;
        this.slowStartUntil = max;
        this.nanos = nanos;
    }

    /** Waits for a turn. Each must be given back by one of {@link #succeeded} or {@link #overloaded}. */
    public Turn acquire(Demand demand) throws InterruptedException {
        Turn turn = enter(demand);
        while (true) {
            Duration pause = pause();
            try {
                if (pause == null) {
                    turn.granted.await();
                    return turn;
                }
                if (turn.granted.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    return turn;
                }
            } catch (InterruptedException e) {
                giveUp(turn);
                throw e;
            }
            grant();
        }
    }

    /** Takes a place in the line without waiting for the turn. */
    Turn enter(Demand demand) {
        lock.lock();
        try {
            Turn turn = new Turn(demand);
            waiting.add(turn, demand);
            grantAll();
            return turn;
        } finally {
            lock.unlock();
        }
    }

    boolean isGranted(Turn turn) {
        lock.lock();
        try {
            return turn.isGranted;
        } finally {
            lock.unlock();
        }
    }

    /** The server answered in good order, be it with an error of the request's own. */
    public void succeeded(Turn turn) {
        lock.lock();
        try {
            giveBack(turn);
            long now = nanos.getAsLong();
            answers.add(now - turn.grantedAt, now);
            if (!answers.areSlow()) {
                limit = Math.min(max, limit < slowStartUntil ? limit + 1 : limit + 1 / limit);
            } else if (limit > LEAST_WHEN_SLOW) {
                limit -= SHRINKS_BY;
                slowStartUntil = limit;
            }
            grantAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The server could not keep up.
     *
     * @param retryAfter how long it wants to be left alone; zero if it doesn't say
     */
    public void overloaded(Turn turn, Duration retryAfter) {
        lock.lock();
        try {
            giveBack(turn);
            if (turn.round == round) {
                limit = Math.max(min, limit / 2);
                slowStartUntil = limit;
                round++;
            }
            if (retryAfter.isPositive()) {
                long until = nanos.getAsLong() + retryAfter.toNanos();
                closedUntil = isClosed && closedUntil - until > 0 ? closedUntil : until;
                isClosed = true;
            }
            grantAll();
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

    /** How many wait for their turn. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Lets in whoever may be let in by now. */
    void grant() {
        lock.lock();
        try {
            grantAll();
        } finally {
            lock.unlock();
        }
    }

    /** How long nobody gets a turn yet; null if turns are given. */
    private @Nullable Duration pause() {
        lock.lock();
        try {
            return isClosed ? Duration.ofNanos(Math.max(1, closedUntil - nanos.getAsLong())) : null;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Turn turn) {
        if (!turn.isGranted) {
            throw new IllegalStateException("a turn that was not granted, or was given back before");
        }
        turn.isGranted = false;
        inFlight--;
        if (turn.isTidying) {
            tidyingInFlight--;
        }
    }

    private void giveUp(Turn turn) {
        lock.lock();
        try {
            turn.isGivenUp = true;
            if (turn.isGranted) {
                giveBack(turn);
                grantAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void grantAll() {
        if (isClosed && closedUntil - nanos.getAsLong() <= 0) {
            isClosed = false;
        }
        while (!isClosed && inFlight < (int) limit) {
            Turn next = waiting.next(tidyingInFlight < mostTidying(), inFlight == tidyingInFlight);
            if (next == null) {
                return;
            }
            if (!next.isGivenUp) {
                next.isGranted = true;
                next.round = round;
                next.grantedAt = nanos.getAsLong();
                inFlight++;
                if (next.isTidying) {
                    tidyingInFlight++;
                }
                next.granted.countDown();
            }
        }
    }

    /** However little else there is to do: what is urgent may come at any moment, and then shares the server with what is under way. */
    private int mostTidying() {
        return Math.max(1, (int) limit / WaitingLine.SHARE);
    }
}
