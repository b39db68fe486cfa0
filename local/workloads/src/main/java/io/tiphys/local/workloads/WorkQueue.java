package io.tiphys.local.workloads;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keys of objects that are to be looked at: each once however often it is added, never by two threads at once, and again after a while
 * when the look failed.
 */
public final class WorkQueue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkQueue.class.getName());
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);
    private static final int TELLING = 5;
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    /** Looks at an object. */
    public interface Work {
        /** What it throws makes for another look. */
        void look(String key);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Instant> due = new HashMap<>();
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Work work;
    private boolean closed;

    public WorkQueue(String name, Work work) {
        this.work = work;
        Thread.ofVirtual().name(name).start(this::dispatch);
    }

    /** To be looked at now. */
    public void add(String key) {
        add(key, Instant.EPOCH);
    }

    /** To be looked at then, unless it is to be sooner. */
    public void add(String key, Instant when) {
        lock.lock();
        try {
            due.merge(key, when, (known, wanted) -> wanted.isBefore(known) ? wanted : known);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dispatch() {
        try {
            for (String key = next(); key != null; key = next()) {
                String taken = key;
                Thread.ofVirtual().name("look-", 0).start(() -> look(taken));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a key that is due and that nobody looks at; null when the queue is closed. */
    private @Nullable String next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Instant now = Instant.now();
                Duration wait = LONGEST_SLEEP;
                for (Map.Entry<String, Instant> entry : due.entrySet()) {
                    if (busy.contains(entry.getKey())) {
                        continue;
                    }
                    Duration until = Duration.between(now, entry.getValue());
                    if (!until.isPositive()) {
                        String key = entry.getKey();
                        due.remove(key);
                        busy.add(key);
                        return key;
                    }
                    wait = until.compareTo(wait) < 0 ? until : wait;
                }
                changed.awaitNanos(wait.toNanos());
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever goes wrong in one look is tried again, and keeps nobody else from being looked at. */
    private void look(String key) {
        RuntimeException failure = null;
        try {
            work.look(key);
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            lookedAt(key, failure);
        }
    }

    private void lookedAt(String key, @Nullable RuntimeException failure) {
        lock.lock();
        try {
            busy.remove(key);
            if (failure == null) {
                failures.remove(key);
            } else if (!closed) {
                int times = failures.merge(key, 1, Integer::sum);
                // one that others got ahead of is nothing to tell of
                System.Logger.Level level = times < TELLING ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
                LOG.log(level, key + " failed " + times + " times in a row and is looked at again", failure);
                Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, 10));
                add(key, Instant.now().plus(wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
