package io.tiphys.executor.save;

import io.tiphys.transfer.PartSizes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * Parts of streams on their way: the only large pieces of memory in the executor. All streams together have so many at a time and no more. A
 * part that is larger than a buffer, as those of very long streams are, is kept in a file without a name instead.
 */
final class PartBuffers {
    private static final int MEMORY_BYTES = Math.toIntExact(PartSizes.STREAM_BYTES);

    private final Semaphore permits;
    private final Path directory;
    private final long memoryBytes;
    private final Deque<byte[]> free = new ArrayDeque<>();

    /**
     * Room for so many parts.
     *
     * @param directory for large ones
     */
    PartBuffers(int count, Path directory) {
        this(count, directory, MEMORY_BYTES);
    }

    /** As above; what is larger than {@code memoryBytes}, at most 8 MiB, becomes a file. */
    PartBuffers(int count, Path directory, long memoryBytes) {
        this.permits = new Semaphore(count);
        this.directory = directory;
        this.memoryBytes = memoryBytes;
    }

    /** Waits for room for a part of at most {@code sizeBytes}. */
    PartBuffer take(long sizeBytes) throws IOException {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for memory");
        }
        boolean taken = false;
        try {
            var buffer = sizeBytes <= memoryBytes ? new InMemory(takeFree(), sizeBytes) : onDisk(sizeBytes);
            taken = true;
            return buffer;
        } finally {
            if (!taken) {
                permits.release();
            }
        }
    }

    private byte[] takeFree() {
        synchronized (free) {
            var bytes = free.poll();
            return bytes == null ? new byte[MEMORY_BYTES] : bytes;
        }
    }

    private OnDisk onDisk(long sizeBytes) throws IOException {
        var file = Files.createTempFile(directory, ".part", "");
        try {
            return new OnDisk(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), sizeBytes);
        } finally {
            Files.delete(file); // it lives as long as it is open
        }
    }

    /** One part: filled once, then read as often as needed. For one thread at a time. */
    abstract static sealed class PartBuffer implements AutoCloseable {
        private final long capacity;
        private final Sums.Running sums = new Sums.Running();
        private long size;

        PartBuffer(long capacity) {
            this.capacity = capacity;
        }

        /** Takes what fits; how much that was. */
        final int add(byte[] bytes, int offset, int length) throws IOException {
            int n = (int) Math.min(length, capacity - size);
            write(bytes, offset, n, size);
            sums.add(bytes, offset, n);
            size += n;
            return n;
        }

        final boolean isFull() {
            return size == capacity;
        }

        /** To be asked for once, when the part is complete. */
        final Sums sums() {
            return sums.sums();
        }

        final InputStream open() throws IOException {
            return open(size);
        }

        abstract void write(byte[] bytes, int offset, int length, long at) throws IOException;

        abstract InputStream open(long length) throws IOException;

        @Override
        public abstract void close() throws IOException;
    }

    private final class InMemory extends PartBuffer {
        private final byte[] bytes;

        InMemory(byte[] bytes, long capacity) {
            super(capacity);
            this.bytes = bytes;
        }

        @Override
        void write(byte[] from, int offset, int length, long at) {
            System.arraycopy(from, offset, bytes, (int) at, length);
        }

        @Override
        InputStream open(long length) {
            return new ByteArrayInputStream(bytes, 0, (int) length);
        }

        @Override
        public void close() {
            synchronized (free) {
                free.push(bytes);
            }
            permits.release();
        }
    }

    private final class OnDisk extends PartBuffer {
        private final FileChannel channel;

        OnDisk(FileChannel channel, long capacity) {
            super(capacity);
            this.channel = channel;
        }

        @Override
        void write(byte[] from, int offset, int length, long at) throws IOException {
            var bytes = ByteBuffer.wrap(from, offset, length);
            while (bytes.hasRemaining()) {
                channel.write(bytes, at + bytes.position() - offset);
            }
        }

        @Override
        InputStream open(long length) throws IOException {
            channel.position(0);
            return new Source.Limited(Channels.newInputStream(new KeptOpen(channel)), length);
        }

        @Override
        public void close() throws IOException {
            try {
                channel.close();
            } finally {
                permits.release();
            }
        }
    }

    /** A file that is read more than once. */
    private record KeptOpen(FileChannel channel) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer to) throws IOException {
            return channel.read(to);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            // the part is closed once it is stored
        }
    }
}
