package io.tiphys.executor.save;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockGzipTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 262_143, 262_144, 262_145, 3_000_001})
    void anyGunzipReadsItBack(int size) throws IOException {
        var text = text(size);
        var packed = pack(text, 6);
        assertThat(unpack(packed)).isEqualTo(text);
        assertThat(pack(text, 6)).as("the same each time").isEqualTo(packed);
        if (size > 100_000) {
            assertThat(packed.length).isLessThan(size / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 9})
    void whatDoesNotShrinkIsStored(int level) throws IOException {
        var noise = new byte[2_000_000];
        new SplittableRandom(1).nextBytes(noise);
        var packed = pack(noise, level);
        assertThat(unpack(packed)).isEqualTo(noise);
        assertThat(packed.length).isBetween(noise.length, noise.length + 2000);
    }

    private static byte[] text(int size) {
        var random = new SplittableRandom(size);
        var text = new byte[size];
        for (int n = 0; n < size; n++) {
            text[n] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    private static byte[] pack(byte[] bytes, int level) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new BlockGzip(out, level)) {
            for (int from = 0; from < bytes.length; from += 10_007) {
                gzip.write(bytes, from, Math.min(10_007, bytes.length - from));
            }
        }
        return out.toByteArray();
    }

    private static byte[] unpack(byte[] packed) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
