package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jboss.logging.Logger;

/**
 * Copies part of an object to a reader, with one small buffer. When the store breaks off, it goes on where it was, as long as the object is
 * the same; how often in a row without progress is bounded.
 */
final class ObjectStream {
    private static final Logger LOG = Logger.getLogger(ObjectStream.class);
    private static final int BUFFER = 64 * 1024;
    private static final int MAX_BREAKS = 4;

    private final ArtifactStore store;
    private final StoredObject object;
    private final String key;
    private long at;

    /** The object as the reader was told of it. */
    ObjectStream(ArtifactStore store, StoredObject object) {
        this.store = store;
        this.object = object;
        this.key = object.key();
    }

    /** The object is another one now: what comes would be no continuation of what went. */
    private static final class ChangedException extends IOException {
        ChangedException(String message) {
            super(message);
        }
    }

    /** Why writing failed: the reader has gone. */
    private static final class ReaderGoneException extends IOException {
        ReaderGoneException(IOException cause) {
            super(cause);
        }
    }

    void copy(ByteRange range, OutputStream out) throws IOException {
        at = range.from();
        int breaks = 0;
        while (at <= range.to()) {
            long before = at;
            try (InputStream in = store.read(key, at, range.to())) {
                if (at > 0 || breaks > 0) {
                    checkIsSame();
                }
                copy(in, out);
                if (at <= range.to()) {
                    throw new IOException("ended at byte " + at + " of " + (range.to() + 1));
                }
            } catch (ReaderGoneException | ChangedException e) {
                throw e;
            } catch (IOException e) {
                breaks = at > before ? 1 : breaks + 1;
                if (breaks > MAX_BREAKS) {
                    throw e;
                }
                LOG.infof("object %s broke off at byte %d, going on: %s", key, at, e.getMessage());
            }
        }
    }

    /** Asked for after the content was: if it was another object's already, this is seen, whatever the store can be asked to compare. */
    private void checkIsSame() throws IOException {
        String now = store.head(key).map(StoredObject::etag).orElse("");
        if (!object.etag().isEmpty() && !now.equals(object.etag())) {
            throw new ChangedException("object " + key + " was replaced while it was read, at byte " + at);
        }
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            try {
                out.write(buffer, 0, read);
            } catch (IOException e) {
                throw new ReaderGoneException(e);
            }
            at += read;
        }
    }
}
