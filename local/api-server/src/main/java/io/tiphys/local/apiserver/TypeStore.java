package io.tiphys.local.apiserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one resource and the recent changes to them. Writers hold {@link #lock()}, so resource versions appear in
 * the history in order; readers of objects need no lock.
 */
final class TypeStore {
    private static final long MAX_HISTORY_BYTES = 32L * 1024 * 1024;

    private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
    private final ArrayDeque<Change> history = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int historyLength;
    private long historyBytes;
    private long forgottenUpTo;
    private boolean closed;

    TypeStore(int historyLength, long startRevision) {
        this.historyLength = historyLength;
        this.forgottenUpTo = startRevision;
    }

    ReentrantLock lock() {
        return lock;
    }

    @Nullable
    StoredObject get(String key) {
        return objects.get(key);
    }

    int size() {
        return objects.size();
    }

    Collection<StoredObject> all() {
        return objects.values();
    }

    /** The objects after a key, in key order; of one namespace, or of all when it is null. */
    Collection<StoredObject> after(@Nullable String namespace, @Nullable String key) {
        var range = namespace == null ? objects : objects.subMap(namespace + "/", true, namespace + "0", false);
        if (key == null) {
            return range.values();
        }
        boolean outside = namespace != null && !key.startsWith(namespace + "/");
        return outside ? List.of() : range.tailMap(key, false).values();
    }

    /** Puts an object there without telling anybody: recovery from disk. */
    void restore(StoredObject object) {
        objects.put(object.key(), object);
    }

    void forget(String key) {
        objects.remove(key);
    }

    /** Makes a change visible. The caller holds the lock and has journalled it. */
    void apply(Change change) {
        StoredObject object = change.object();
        if (change.kind() == Change.Kind.DELETED) {
            objects.remove(object.key());
        } else {
            objects.put(object.key(), object);
        }
        history.addLast(change);
        historyBytes += change.sizeBytes();
        while (history.size() > historyLength || (historyBytes > MAX_HISTORY_BYTES && history.size() > 64)) {
            Change oldest = history.removeFirst();
            historyBytes -= oldest.sizeBytes();
            forgottenUpTo = oldest.resourceVersion();
        }
        changed.signalAll();
    }

    /**
     * The changes after a resource version, oldest first; waits for one up to the given time and returns an empty list then.
     *
     * @throws ApiException 410 when changes after that version are no longer known
     */
    List<Change> changesAfter(long revision, long waitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = waitNanos;
            while (true) {
                if (revision < forgottenUpTo) {
                    throw ApiException.expired(revision, forgottenUpTo);
                }
                if (closed
                        || remaining <= 0
                        || (!history.isEmpty() && history.getLast().resourceVersion() > revision)) {
                    return newerThan(revision);
                }
                remaining = changed.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Change> newerThan(long revision) {
        List<Change> newest = new ArrayList<>();
        Iterator<Change> backwards = history.descendingIterator();
        while (backwards.hasNext()) {
            Change change = backwards.next();
            if (change.resourceVersion() <= revision) {
                break;
            }
            newest.add(change);
        }
        return newest.reversed();
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits: the server stops, or the type is gone. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
