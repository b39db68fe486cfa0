package io.tiphys.executor.save;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Gzip by blocks on several threads: each block is deflated by itself and ends on a byte boundary, so that the blocks, put one behind the
 * other, are one ordinary gzip member (RFC 1951, 1952; the way pigz takes). A block that hardly shrinks at the fastest level, such as of
 * an encrypted or already compressed file, is stored instead, at ten times the speed. The same input gives the same output, whatever the
 * number of threads.
 */
final class BlockGzip extends OutputStream {
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final int SAMPLE_BYTES = 16 * 1024;
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    /** Magic, deflate, no flags, no time, no hints, system unknown. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** A last, empty block with fixed codes. */
    private static final byte[] END = {3, 0};

    private final OutputStream out;
    private final int level;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().factory());
    private final Deque<Future<byte[]>> blocks = new ArrayDeque<>();
    private final CRC32 crc = new CRC32();
    private byte[] block = new byte[BLOCK_BYTES];
    private int filled;
    private long size;
    private boolean closed;

    BlockGzip(OutputStream out, int level) throws IOException {
        this.out = out;
        this.level = level;
        out.write(HEADER);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        crc.update(bytes, offset, length);
        size += length;
        int at = offset;
        int left = length;
        while (left > 0) {
            int n = Math.min(left, BLOCK_BYTES - filled);
            System.arraycopy(bytes, at, block, filled, n);
            filled += n;
            at += n;
            left -= n;
            if (filled == BLOCK_BYTES) {
                submit();
            }
        }
    }

    private void submit() throws IOException {
        var content = block;
        int length = filled;
        block = new byte[BLOCK_BYTES];
        filled = 0;
        blocks.add(threads.submit(() -> deflate(content, length)));
        while (blocks.size() > THREADS) {
            writeOldest();
        }
    }

    private void writeOldest() throws IOException {
        try {
            out.write(blocks.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while packing");
        } catch (ExecutionException e) {
            throw new IOException("packing failed: " + e.getCause(), e);
        }
    }

    private byte[] deflate(byte[] content, int length) {
        return deflate(
                content, length, shrinks(content, length) ? level : Deflater.NO_COMPRESSION, Deflater.SYNC_FLUSH);
    }

    private static boolean shrinks(byte[] content, int length) {
        int sample = Math.min(length, SAMPLE_BYTES);
        return deflate(content, sample, Deflater.BEST_SPEED, Deflater.NO_FLUSH).length < sample - sample / 32;
    }

    private static byte[] deflate(byte[] content, int length, int level, int flush) {
        var deflater = new Deflater(level, true);
        try {
            deflater.setInput(content, 0, length);
            if (flush == Deflater.NO_FLUSH) {
                deflater.finish();
            }
            var result = new ByteArrayOutputStream(length / 2 + 64);
            var buffer = new byte[64 * 1024];
            for (int n; (n = deflater.deflate(buffer, 0, buffer.length, flush)) > 0; ) {
                result.write(buffer, 0, n);
                if (n < buffer.length) {
                    break; // the flush is complete; asking again would give an empty block more
                }
            }
            return result.toByteArray();
        } finally {
            deflater.end();
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (filled > 0) {
                submit();
            }
            while (!blocks.isEmpty()) {
                writeOldest();
            }
            out.write(END);
            writeLittleEndian((int) crc.getValue());
            writeLittleEndian((int) size);
            out.flush();
        } finally {
            threads.shutdownNow();
        }
    }

    private void writeLittleEndian(int value) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(value >>> shift);
        }
    }
}
