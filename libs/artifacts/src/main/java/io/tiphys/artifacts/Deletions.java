package io.tiphys.artifacts;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** {@link ArtifactStore#delete} for stores that have no request for many keys. */
public final class Deletions {
    private Deletions() {}

    /** Deletes one object; one that isn't there counts as deleted. */
    @FunctionalInterface
    public interface One {
        void delete(String key) throws StoreException;
    }

    /** Each key with a request of its own, so many at a time; returns when all are through. What failed, by key. */
    public static Map<String, StoreException> oneByOne(Collection<String> keys, int atATime, One one) {
        var failed = new ConcurrentHashMap<String, StoreException>();
        var room = new Semaphore(atATime);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var key : keys) {
                room.acquireUninterruptibly(); // of something that ends by itself, as stores' clients have time-outs
                threads.execute(() -> {
                    try {
                        one.delete(key);
                    } catch (StoreException e) {
                        failed.put(key, e);
                    } finally {
                        room.release();
                    }
                });
            }
        }
        return failed;
    }
}
