package io.tiphys.executor.save;

import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.save.PartBuffers.PartBuffer;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.PartSizes;
import io.tiphys.transfer.Uploads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of unknown length into parts ({@link PartSizes#ofStream}) and sends them while the next one fills. A stream that fits into
 * one part is sent as a whole. A resumed session's parts are compared by MD5, as the same content may have been packed anew; if it turns
 * out that the whole had been stored before, nothing is sent and the whole is compared.
 */
final class PartStream extends OutputStream {
    private final ObjectUpload uploads;
    private final PartBuffers buffers;
    private final ObjectUpload.Target target;
    private final String fingerprint;
    private final IntToLongFunction partSizes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> sending = new ArrayList<>();
    private @Nullable PartBuffer buffer;
    private Uploads.@Nullable Session session;
    private @Nullable MultipartUpload upload;
    private int parts;
    private long size;
    private long crc;

    PartStream(ObjectUpload uploads, PartBuffers buffers, ObjectUpload.Target target, String fingerprint) {
        this(uploads, buffers, target, fingerprint, PartSizes::ofStream);
    }

    PartStream(
            ObjectUpload uploads,
            PartBuffers buffers,
            ObjectUpload.Target target,
            String fingerprint,
            IntToLongFunction partSizes) {
        this.uploads = uploads;
        this.buffers = buffers;
        this.target = target;
        this.fingerprint = fingerprint;
        this.partSizes = partSizes;
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
                part = buffers.take(partSizes.applyAsLong(parts + 1));
                buffer = part;
            }
            int n = part.add(bytes, at, left);
            at += n;
            left -= n;
            if (part.isFull()) {
                sendPart(part);
            }
        }
    }

    /** Sends the rest and completes the object. */
    Uploads.Completed finish() throws IOException {
        var rest = buffer;
        if (session == null) {
            if (rest == null) {
                rest = buffers.take(1);
                buffer = rest;
            }
            var whole = rest;
            return uploads.whole(target, fingerprint, whole.sums(), whole::open);
        }
        if (rest != null) {
            sendPart(rest);
        }
        awaitSent();
        var done = session.completed();
        if (done != null) {
            if (done.sizeBytes() == size && Long.toUnsignedString(crc).equals(done.crc64())) {
                return done;
            }
            throw uploads.startAgain(session, target);
        }
        if (upload == null) {
            throw new IllegalStateException("a session that isn't completed is open");
        }
        return upload.complete(parts);
    }

    private void sendPart(PartBuffer part) throws IOException {
        var to = upload;
        if (session == null) {
            session = uploads.startStream(target, fingerprint);
            if (session.completed() == null) {
                to = uploads.open(session, target);
                upload = to;
            }
        }
        failEarly();
        buffer = null;
        var sums = part.sums();
        int number = ++parts;
        size += sums.sizeBytes();
        crc = Crc64.combine(crc, sums.crc64(), sums.sizeBytes());
        if (number > PartSizes.MOST_PARTS) {
            part.close();
            throw new PermanentException(target + " has more than " + PartSizes.MOST_PARTS + " parts, " + size
                    + " bytes so far; object storage takes no more in one object");
        }
        var receiver = to;
        if (receiver == null || receiver.has(number, sums)) {
            part.close();
            return;
        }
        sending.add(threads.submit(() -> {
            try (part) {
                uploads.limited(() -> receiver.send(number, _ -> sums, part::open));
                return null;
            }
        }));
    }

    /** Forgets what is sent; tells what has failed as soon as possible. */
    private void failEarly() throws IOException {
        for (var part : sending) {
            if (part.state() == Future.State.FAILED) {
                throw asIOException(part.exceptionNow());
            }
        }
        sending.removeIf(part -> part.state() == Future.State.SUCCESS);
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
    public void close() throws IOException {
        threads.shutdownNow();
        threads.close();
        var rest = buffer;
        buffer = null;
        if (rest != null) {
            rest.close();
        }
    }
}
