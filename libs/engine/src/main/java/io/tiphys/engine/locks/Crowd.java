package io.tiphys.engine.locks;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wishes of one workflow for the same locks: what keeps one of them waiting keeps all of them, and the first one goes first. So it is crowds
 * that queue, and a lock looks at one of them however many wishes stand in it.
 */
final class Crowd {
    /** Priority, then age of the workflow, then arrival of who is first; crowds of one workflow stand together. */
    static final Comparator<Crowd> ORDER = Crowd::compare;

    private static int compare(Crowd one, Crowd other) {
        int byPriority = Integer.compare(other.key.priority, one.key.priority);
        if (byPriority != 0) {
            return byPriority;
        }
        int byAge = one.key.createdAt.compareTo(other.key.createdAt);
        if (byAge != 0) {
            return byAge;
        }
        int byWorkflow = one.key.workflow.compareTo(other.key.workflow);
        return byWorkflow != 0 ? byWorkflow : Long.compare(one.arrival(), other.arrival());
    }

    /** What makes wishes alike. */
    record Key(int priority, Instant createdAt, String workflow, List<Lock> locks) {}

    final Key key;

    private final Row waiting = new Row();

    /** The lock at which it waits for its turn: the one that kept it when it was last looked at; null if it wasn't yet. */
    @Nullable
    Lock parked;

    /** Whether the table has to look at it. */
    boolean isDue;

    /** Members that wait or hold. */
    int members;

    Crowd(Key key) {
        this.key = key;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** In the order of their arrival. */
    Row waiting() {
        return waiting;
    }

    Entry first() {
        return waiting.first();
    }

    private long arrival() {
        return waiting.first().arrival;
    }

    boolean isOf(Crowd other) {
        return key.workflow.equals(other.key.workflow);
    }

    /** Lets somebody in at the end. */
    void enter(Entry entry) {
        boolean isFirst = waiting.isEmpty();
        waiting.add(entry.waiting);
        if (isFirst) {
            key.locks.forEach(lock -> lock.queue.add(this));
        }
        key.locks.forEach(lock -> lock.pending++);
    }

    /** Takes somebody out, whose place in the order is the crowd's if it is the first. */
    void leave(Entry entry) {
        if (!waiting.has(entry.waiting)) {
            return;
        }
        key.locks.forEach(lock -> lock.pending--);
        if (waiting.first() != entry) {
            waiting.remove(entry.waiting);
            return;
        }
        Lock at = parked;
        park(null);
        key.locks.forEach(lock -> lock.queue.remove(this));
        waiting.remove(entry.waiting);
        if (!waiting.isEmpty()) {
            key.locks.forEach(lock -> lock.queue.add(this));
            park(at);
        }
    }

    /** Waits at this lock from now on, at no other. */
    void park(@Nullable Lock lock) {
        if (parked != null) {
            parked.parked.remove(this);
        }
        parked = lock;
        if (lock != null) {
            lock.parked.add(this);
        }
    }

    /** The first lock that isn't to be had, or null if all are. */
    @Nullable
    Lock missing() {
        for (Lock lock : key.locks) {
            if (!lock.hasRoom() || !lock.isTurnOf(this)) {
                return lock;
            }
        }
        return null;
    }
}
