package io.tiphys.submitter.artifacts;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all passages together have in buffers that wait for their readers. A few may have much each, which keeps the store and the reader busy at
 * the same time; many share the same amount. Safe for use by many threads.
 */
final class Lent {
    private static final int SHARED_BYTES = 32 << 20;
    private static final int MOST_BYTES = 4 << 20;
    private static final int LEAST_BYTES = 64 << 10;
    /** However few passages there are. */
    static final int LARGEST_READ_BYTES = 1 << 20;

    private static final int READS_AT_LEAST = 4;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger passages = new AtomicInteger();

    long bytes() {
        return bytes.get();
    }

    void add(int more) {
        bytes.addAndGet(more);
    }

    void begun() {
        passages.incrementAndGet();
    }

    void over() {
        passages.decrementAndGet();
    }

    /** So much one passage may have waiting now. */
    int most() {
        return Math.clamp(SHARED_BYTES / Math.max(1, passages.get()), LEAST_BYTES, MOST_BYTES);
    }

    /** So much one passage may read at once now, which may come on top of {@link #most}. */
    int largestRead() {
        return Math.clamp(most() / READS_AT_LEAST, LEAST_BYTES, LARGEST_READ_BYTES);
    }
}
