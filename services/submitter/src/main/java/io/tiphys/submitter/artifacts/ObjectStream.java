package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.artifacts.Carrier.ChangedException;
import io.tiphys.submitter.artifacts.Carrier.ReaderGoneException;
import java.io.IOException;
import java.io.OutputStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Part of an object for a reader, in constant memory. When the store breaks off, it goes on where it was, as long as the object is the same; how
 * often in a row without progress is bounded.
 */
final class ObjectStream {
    private static final Logger LOG = Logger.getLogger(ObjectStream.class);
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

    void copy(ByteRange range, OutputStream out) throws IOException {
        copy(range, null, out);
    }

    /**
     * As {@link #copy(ByteRange, OutputStream)}, on a quicker way while that works.
     *
     * @param quicker leads to where {@code out} leads, past it; not taken again once it has broken without having carried anything
     */
    void copy(ByteRange range, @Nullable Carrier quicker, OutputStream out) throws IOException {
        Carrier plain = new StreamCarrier(store, object, out);
        Carrier carrier = quicker == null ? plain : quicker;
        at = range.from();
        int breaks = 0;
        while (at <= range.to()) {
            long before = at;
            try {
                carrier.carry(at, range.to(), breaks > 0, bytes -> at += bytes);
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
                carrier = at > before ? carrier : plain;
            }
        }
    }
}
