package io.tiphys.executor.save;

import io.tiphys.executor.Pace;
import io.tiphys.executor.Parallel;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.SessionLostException;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.PartSizes;
import io.tiphys.transfer.Uploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Uploads objects: files that can be read again, or streams that are made on the way. Safe for many threads. */
final class ObjectUpload {
    /** From here on a file goes up in parts. */
    private static final long MULTIPART_FROM_BYTES = 16L * 1024 * 1024;

    /** Below this a file is read once and kept, instead of read twice. */
    private static final int KEEP_BELOW_BYTES = 256 * 1024;

    private static final int SESSIONS_TRIED = 3;
    private static final int URLS_AT_ONCE = 4;

    private final UploaderClient uploader;
    private final ObjectClient objects;
    private final Retry retry;
    private final PartBuffers buffers;
    private final Pace pace;

    ObjectUpload(UploaderClient uploader, ObjectClient objects, Retry retry, PartBuffers buffers, Pace pace) {
        this.uploader = uploader;
        this.objects = objects;
        this.retry = retry;
        this.buffers = buffers;
        this.pace = pace;
    }

    /** Where an object goes: below the key that the capability gives to the artifact. */
    record Target(String artifact, String relativePath) {
        @Override
        public String toString() {
            return relativePath.isEmpty() ? artifact : artifact + "/" + relativePath;
        }
    }

    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    Uploads.Completed file(Target target, Source source) throws IOException {
        if (source.sizeBytes() > PartSizes.LARGEST_OBJECT_BYTES) {
            throw new PermanentException(target + " has " + source.sizeBytes() + " bytes; object storage takes at most "
                    + PartSizes.LARGEST_OBJECT_BYTES + " in one object");
        }
        return again(
                () -> source.sizeBytes() >= MULTIPART_FROM_BYTES ? inParts(target, source) : whole(target, source));
    }

    /** Uploads what {@code content} writes; it must write the same bytes each time it is asked. */
    Uploads.Completed stream(Target target, String fingerprint, Content content) throws IOException {
        return again(() -> {
            try (var out = new PartStream(this, buffers, target, fingerprint)) {
                content.writeTo(out);
                return out.finish();
            }
        });
    }

    private interface Try {
        Uploads.Completed run() throws IOException;
    }

    private static Uploads.Completed again(Try attempt) throws IOException {
        for (int n = 1; ; n++) {
            try {
                return attempt.run();
            } catch (SessionLostException e) {
                if (n == SESSIONS_TRIED) {
                    throw e;
                }
            }
        }
    }

    private Uploads.Completed whole(Target target, Source source) throws IOException {
        if (source.sizeBytes() < KEEP_BELOW_BYTES) {
            byte[] bytes;
            try (var in = source.open(0, source.sizeBytes())) {
                bytes = in.readAllBytes();
            }
            return whole(
                    target, source.fingerprint(), Sums.of(bytes, bytes.length), () -> new ByteArrayInputStream(bytes));
        }
        var sums = source.sums(0, source.sizeBytes());
        return whole(target, source.fingerprint(), sums, () -> source.openSummed(0, sums.sizeBytes()));
    }

    Uploads.Completed whole(Target target, String fingerprint, Sums sums, ObjectClient.Body body) throws IOException {
        var crc = Long.toUnsignedString(sums.crc64());
        return retry.run("upload of " + target, () -> {
            var session = uploader.start(new Uploads.Start(
                    target.artifact(), target.relativePath(), sums.sizeBytes(), sums.md5(), null, fingerprint));
            if (session.completed() != null) {
                if (crc.equals(session.completed().crc64())) {
                    return session.completed();
                }
                throw startAgain(session, target);
            }
            if (session.put() == null) {
                throw new IOException("the uploader gave no URL for " + target);
            }
            send(session.put(), sums, body);
            return uploader.complete(session.id(), new Uploads.Complete(sums.sizeBytes(), crc));
        });
    }

    private void send(Uploads.Put put, Sums sums, ObjectClient.Body body) throws IOException {
        pace.enter();
        try {
            objects.put(put, body, sums.sizeBytes(), sums.crc64());
            pace.carried(sums.sizeBytes());
        } catch (IOException e) {
            pace.failed();
            throw e;
        } finally {
            pace.leave();
        }
    }

    private Uploads.Completed inParts(Target target, Source source) throws IOException {
        var session = uploader.start(new Uploads.Start(
                target.artifact(), target.relativePath(), source.sizeBytes(), null, null, source.fingerprint()));
        if (session.completed() != null) {
            return session.completed();
        }
        var upload = open(session, target);
        long partSize = session.partSizeBytes();
        int count = Math.toIntExact((source.sizeBytes() + partSize - 1) / partSize);
        var missing = IntStream.rangeClosed(1, count)
                .filter(number -> !upload.has(number, lengthOf(number, partSize, source)))
                .boxed()
                .toList();
        try (var sums = new PartSums(source, partSize, count)) {
            Parallel.map(missing, pace, number -> {
                long offset = (number - 1) * partSize;
                long length = lengthOf(number, partSize, source);
                upload.send(
                        number,
                        attempt -> attempt == 1 ? sums.of(number) : source.sums(offset, length),
                        () -> source.openSummed(offset, length),
                        () -> neighbours(number, count, sums));
                return number;
            });
        }
        return upload.complete(count);
    }

    /** Few: what has been stored since is told with the wish for the next URLs, and what wasn't told is lost in a crash. */
    private static List<Uploads.WantedPart> neighbours(int number, int count, PartSums sums) throws IOException {
        var wanted = new ArrayList<Uploads.WantedPart>(URLS_AT_ONCE);
        int first = (number - 1) / URLS_AT_ONCE * URLS_AT_ONCE + 1;
        for (int n = first; n < Math.min(count + 1, first + URLS_AT_ONCE); n++) {
            var ofPart = sums.of(n);
            wanted.add(new Uploads.WantedPart(n, ofPart.sizeBytes(), ofPart.md5()));
        }
        return wanted;
    }

    private static long lengthOf(int number, long partSize, Source source) {
        return Math.min(partSize, source.sizeBytes() - (number - 1) * partSize);
    }

    MultipartUpload open(Uploads.Session session, Target target) throws IOException {
        if (session.partSizeBytes() <= 0) {
            throw new IOException("the uploader gave no part size for " + target);
        }
        return new MultipartUpload(uploader, objects, retry, pace, session, target.toString());
    }

    Uploads.Session startStream(Target target, String fingerprint) throws IOException {
        return uploader.start(
                new Uploads.Start(target.artifact(), target.relativePath(), null, null, null, fingerprint));
    }

    /** A session that was completed with other content than there is now goes away; the next attempt begins a new one. */
    SessionLostException startAgain(Uploads.Session session, Target target) throws IOException {
        uploader.abort(session.id());
        return new SessionLostException(target + " was stored before with other content");
    }

    interface Sending {
        void send() throws IOException;
    }

    /** Sends as soon as there is a place for it. */
    void limited(Sending sending) throws IOException {
        pace.enter();
        try {
            sending.send();
        } finally {
            pace.leave();
        }
    }
}
