package io.tiphys.artifacts.http;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Locations of the kind {@code raw}: the text is the object. */
public final class RawDriver implements StoreDriver {
    private static final String KEY = "raw";

    @Override
    public String kind() {
        return "raw";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets) {
        return Optional.ofNullable(location.raw()).map(raw -> new Located(new Text(raw.data()), KEY));
    }

    private static final class Text extends ReadOnlyStore {
        private final byte[] bytes;

        Text(String data) {
            this.bytes = data.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String name() {
            return "raw";
        }

        @Override
        public Optional<StoredObject> head(String key) {
            var etag = Integer.toHexString(Arrays.hashCode(bytes));
            return key.equals(KEY)
                    ? Optional.of(new StoredObject(key, bytes.length, etag, null, null, "text/plain"))
                    : Optional.empty();
        }

        @Override
        public InputStream read(String key) throws StoreException {
            if (!key.equals(KEY)) {
                throw new StoreException(Kind.NOT_FOUND, "raw has no \"" + key + "\"");
            }
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public InputStream read(String key, long from, long to) throws StoreException {
            read(key);
            int start = (int) Math.min(from, bytes.length);
            return new ByteArrayInputStream(bytes, start, (int) Math.min(bytes.length - start, to - from + 1));
        }
    }
}
