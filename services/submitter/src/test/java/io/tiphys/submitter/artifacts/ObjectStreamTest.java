package io.tiphys.submitter.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectStreamTest {
    private static final byte[] CONTENT = "0123456789".repeat(50).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final List<Long> reads = new ArrayList<>();

    @Test
    void goesOnWhereTheStoreBrokeOff() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ObjectStream(breakingAfter(120), object()).copy(new ByteRange(10, 499), out);
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(CONTENT, 10, 500));
        assertThat(reads).startsWith(10L, 130L, 250L);
    }

    @Test
    void givesUpWhenNothingComesAnyMore() {
        assertThatThrownBy(() -> new ObjectStream(breakingAfter(0), object())
                        .copy(new ByteRange(0, 9), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
        assertThat(reads).hasSize(5);
    }

    @Test
    void stopsAtOnceWhenTheReaderHasGone() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> new ObjectStream(breakingAfter(999), object()).copy(new ByteRange(0, 9), gone))
                .isInstanceOf(IOException.class);
        assertThat(reads).hasSize(1);
    }

    @Test
    void doesntGoOnWithAnotherObject() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ArtifactStore breaking = breakingAfter(120);
        etag = "another";
        assertThatThrownBy(() -> new ObjectStream(breaking, object()).copy(new ByteRange(0, 499), out))
                .hasMessageContaining("object key was replaced while it was read, at byte 120");
        assertThat(out.size()).isEqualTo(120);
        assertThat(reads).containsExactly(0L, 120L);
        assertThatThrownBy(() -> new ObjectStream(breaking, object()).copy(new ByteRange(1, 9), out))
                .hasMessageContaining("at byte 1");
        assertThat(out.size()).isEqualTo(120);
    }

    private String etag = "one";

    private static StoredObject object() {
        return new StoredObject("key", CONTENT.length, "one", null, null, null);
    }

    /** Each read of the object fails after so many bytes. */
    private ArtifactStore breakingAfter(int bytes) {
        return (ArtifactStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ArtifactStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("head")) {
                        return Optional.of(new StoredObject("key", CONTENT.length, etag, null, null, null));
                    }
                    int from = Math.toIntExact((Long) arguments[1]);
                    reads.add((Long) arguments[1]);
                    int to = Math.toIntExact((Long) arguments[2]) + 1;
                    return breaking(new ByteArrayInputStream(CONTENT, from, to - from), bytes);
                });
    }

    private static InputStream breaking(InputStream in, int bytes) {
        return new FilterInputStream(in) {
            private int left = bytes;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("connection reset");
                }
                int read = super.read(buffer, offset, Math.min(left, length));
                left -= Math.max(0, read);
                return read;
            }
        };
    }
}
