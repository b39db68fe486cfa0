package io.tiphys.executor.save;

import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/** The only large pieces of memory in the executor: parts of streams on their way. All streams together have so many and no more. */
final class PartBuffers {
    /** With OSS's limit of 10,000 parts a stream may so become 78 GiB. */
    static final int SIZE_BYTES = 8 * 1024 * 1024;

    private final Semaphore permits;
    private final Deque<byte[]> free = new ArrayDeque<>();

    PartBuffers(int count) {
        this.permits = new Semaphore(count);
    }

    byte[] take() throws InterruptedIOException {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for memory");
        }
        synchronized (free) {
            var buffer = free.poll();
            return buffer == null ? new byte[SIZE_BYTES] : buffer;
        }
    }

    void giveBack(byte[] buffer) {
        synchronized (free) {
            free.push(buffer);
        }
        permits.release();
    }
}
