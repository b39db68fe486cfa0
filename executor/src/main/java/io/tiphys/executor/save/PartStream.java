package io.tiphys.executor.save;

import io.tiphys.executor.http.PermanentException;
import io.tiphys.transfer.Uploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of unknown length into parts and sends them while the next one fills. A stream that fits into one part is sent as a whole.
 * A resumed session's parts are compared by MD5, as the same content may have been packed anew.
 */
final class PartStream extends OutputStream {
    private final ObjectUpload uploads;
    private final PartBuffers buffers;
    private final ObjectUpload.Target target;
    private final String fingerprint;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> sending = new ArrayList<>();
    private byte @Nullable [] buffer;
    private int filled;
    private @Nullable MultipartUpload upload;

    PartStream(ObjectUpload uploads, PartBuffers buffers, ObjectUpload.Target target, String fingerprint) {
        this.uploads = uploads;
        this.buffers = buffers;
        this.target = target;
        this.fingerprint = fingerprint;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            var part = buffer;
            if (part == null) {
                part = buffers.take();
                buffer = part;
            }
            int n = Math.min(left, part.length - filled);
            System.arraycopy(bytes, at, part, filled, n);
            filled += n;
            at += n;
            left -= n;
            if (filled == part.length) {
                sendPart();
            }
        }
    }

    /** Sends the rest and completes the object. */
    Uploads.Completed finish() throws IOException {
        if (upload == null) {
            var part = buffer == null ? new byte[0] : buffer;
            int length = filled;
            return uploads.whole(
                    target, fingerprint, Sums.of(part, length), () -> new ByteArrayInputStream(part, 0, length));
        }
        if (filled > 0) {
            sendPart();
        }
        awaitSent();
        return upload.complete(sending.size());
    }

    private void sendPart() throws IOException {
        var parts = upload;
        if (parts == null) {
            parts = uploads.open(uploads.startStream(target, fingerprint), target);
            upload = parts;
        }
        var bytes = buffer;
        if (bytes == null) {
            return;
        }
        failEarly();
        int length = filled;
        int number = sending.size() + 1;
        var to = parts;
        buffer = null;
        filled = 0;
        sending.add(threads.submit(() -> {
            try {
                var sums = Sums.of(bytes, length);
                if (!to.has(number, sums)) {
                    uploads.limited(() -> to.send(number, sums, () -> new ByteArrayInputStream(bytes, 0, length)));
                }
                return null;
            } finally {
                buffers.giveBack(bytes);
            }
        }));
    }

    private void failEarly() throws IOException {
        for (var part : sending) {
            if (part.state() == Future.State.FAILED) {
                throw asIOException(part.exceptionNow());
            }
        }
    }

    private void awaitSent() throws IOException {
        for (var part : sending) {
            try {
                part.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while sending parts");
            } catch (ExecutionException e) {
                throw asIOException(e.getCause());
            }
        }
    }

    private static IOException asIOException(@Nullable Throwable cause) {
        return cause instanceof IOException e
                ? e
                : new PermanentException("sending a part failed: " + cause, new IOException(cause));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        var rest = buffer;
        buffer = null;
        if (rest != null) {
            buffers.giveBack(rest);
        }
    }
}
