package io.tiphys.submitter.workflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The blobs that were read last, packed: a watch shows a workflow's spec once a second. Holds at most 16 MiB. For any thread. */
final class RecentBlobs {
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, byte[]> recent = new LinkedHashMap<>(16, 0.75f, true);
    private int size;

    /** What is remembered, or what the source has. */
    Optional<byte[]> get(String namespace, String hash, Supplier<Optional<byte[]>> source) {
        String key = namespace + "/" + hash;
        lock.lock();
        try {
            byte[] known = recent.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        } finally {
            lock.unlock();
        }
        Optional<byte[]> found = source.get();
        found.ifPresent(bytes -> remember(key, bytes));
        return found;
    }

    private void remember(String key, byte[] bytes) {
        lock.lock();
        try {
            byte[] before = recent.put(key, bytes);
            size += bytes.length - (before == null ? 0 : before.length);
            for (var oldest = recent.entrySet().iterator(); size > MAX_BYTES && oldest.hasNext(); ) {
                size -= oldest.next().getValue().length;
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
