package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Copies with one small buffer, from any store to any stream. */
record StreamCarrier(ArtifactStore store, StoredObject object, OutputStream out) implements Carrier {
    private static final int BUFFER = 64 * 1024;

    @Override
    public void carry(long from, long to, boolean again, LongConsumer carried) throws IOException {
        try (InputStream in = store.read(object.key(), from, to)) {
            if (from > 0 || again) {
                checkIsSame(from);
            }
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                try {
                    out.write(buffer, 0, read);
                } catch (IOException e) {
                    throw new ReaderGoneException(e);
                }
                carried.accept(read);
            }
        }
    }

    /** Asked for after the content was: if it was another object's already, this is seen, whatever the store can be asked to compare. */
    private void checkIsSame(long at) throws IOException {
        String now = store.head(object.key()).map(StoredObject::etag).orElse("");
        if (!object.etag().isEmpty() && !now.equals(object.etag())) {
            throw new ChangedException(object.key(), at);
        }
    }
}
