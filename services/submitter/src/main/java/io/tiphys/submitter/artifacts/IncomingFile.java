package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.StoredPart;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.PartSizes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A stream of unknown length on its way into object storage: in one request if it is small, else part by part, with one part in memory.
 * Each part is verified by its MD5, the whole by its CRC64 where the store counts one. A part that fails is sent again, some times;
 * when that doesn't help, nothing of the file stays behind.
 */
final class IncomingFile {
    private static final Logger LOG = Logger.getLogger(IncomingFile.class);
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final ArtifactStore store;
    private final String key;
    private final Crc64 sum = new Crc64();

    IncomingFile(Located located) {
        this.store = located.store();
        this.key = located.key();
    }

    /** Takes everything in; returns the object. */
    StoredObject take(InputStream content) throws IOException {
        store.prepare(key);
        byte[] first = next(content, 1);
        if (first.length < PartSizes.ofStream(1)) {
            StoredObject object = again(() -> store.put(
                    key,
                    new ArtifactStore.PutOptions(null, md5(first), sum.toDecimal()),
                    new ByteArrayInputStream(first),
                    first.length));
            return verified(object);
        }
        if (!store.abilities().contains(Ability.MULTIPART)) {
            throw new StoreException(
                    Kind.REFUSED,
                    store.name() + " takes no objects in parts; files for it must be smaller than "
                            + (PartSizes.ofStream(1) >> 20) + " MiB");
        }
        String uploadId = again(() -> store.beginMultipart(key, null));
        boolean done = false;
        try {
            StoredObject object = inParts(uploadId, first, content);
            done = true;
            return verified(object);
        } finally {
            if (!done) {
                abort(uploadId);
            }
        }
    }

    private StoredObject inParts(String uploadId, byte[] first, InputStream content) throws IOException {
        List<StoredPart> parts = new ArrayList<>();
        byte[] part = first;
        for (int number = 1; part.length > 0; number++) {
            if (number > PartSizes.MOST_PARTS) {
                throw new StoreException(
                        Kind.REFUSED,
                        "the file needs more than " + PartSizes.MOST_PARTS + " parts, which no store takes");
            }
            int thisNumber = number;
            byte[] bytes = part;
            parts.add(again(() -> store.putPart(
                    key, uploadId, thisNumber, new ByteArrayInputStream(bytes), bytes.length, md5(bytes))));
            part = next(content, number + 1);
        }
        return again(() -> store.completeMultipart(key, uploadId, parts, sum.toDecimal()));
    }

    private byte[] next(InputStream content, int number) throws IOException {
        byte[] bytes = content.readNBytes((int) Math.min(PartSizes.ofStream(number), Integer.MAX_VALUE - 8));
        sum.update(bytes, 0, bytes.length);
        return bytes;
    }

    private StoredObject verified(StoredObject object) throws IOException {
        String ours = sum.toDecimal();
        if (object.crc64() != null && !object.crc64().equals(ours)) {
            store.delete(List.of(key));
            throw new StoreException(
                    Kind.UNAVAILABLE,
                    "object \"" + key + "\" in " + store.name() + " has CRC64 " + object.crc64()
                            + ", what was sent has " + ours + "; it was deleted again");
        }
        return object;
    }

    private void abort(String uploadId) {
        try {
            store.abortMultipart(key, uploadId);
        } catch (StoreException e) {
            LOG.warnf("upload of %s to %s stays open: %s", key, store.name(), e.getMessage());
        }
    }

    private interface Request<T> {
        T send() throws StoreException;
    }

    private static <T> T again(Request<T> request) throws IOException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return request.send();
            } catch (StoreException e) {
                if (e.kind() != Kind.UNAVAILABLE || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.infof("a request to object storage is sent again: %s", e.getMessage());
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            pause = pause.multipliedBy(2);
        }
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }
}
