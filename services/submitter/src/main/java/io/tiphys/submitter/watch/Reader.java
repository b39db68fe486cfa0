package io.tiphys.submitter.watch;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A mailbox with the newest unread state of each workflow, oldest first. One thread reads it. */
public final class Reader implements AutoCloseable {
    private final Consumer<Reader> leave;
    private final Runnable left;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Change> unread = new LinkedHashMap<>();
    private boolean ended;

    Reader(Consumer<Reader> leave, Runnable left) {
        this.leave = leave;
        this.left = left;
    }

    void offer(Change change) {
        lock.lock();
        try {
            unread.merge(change.workflow().uid(), change, Change::then);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** No more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    public boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** The next change; null if none came in this time or the feed has ended. */
    public @Nullable Change next(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (unread.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            Iterator<Change> iterator = unread.values().iterator();
            if (!iterator.hasNext()) {
                return null;
            }
            Change next = iterator.next();
            iterator.remove();
            return next;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end();
        leave.accept(this);
        left.run();
    }
}
