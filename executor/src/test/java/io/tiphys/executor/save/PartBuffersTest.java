package io.tiphys.executor.save;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartBuffersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path scratch;

    @Test
    void smallPartsAreMemoryAndLargeOnesAFileWithoutAName() throws IOException {
        var buffers = new PartBuffers(1, scratch, 1000);
        for (int size : new int[] {1000, 100_000, 1000}) {
            var bytes = new byte[size + 10];
            new SplittableRandom(size).nextBytes(bytes);
            try (var part = buffers.take(size)) {
                for (int at = 0; !part.isFull(); ) {
                    at += part.add(bytes, at, Math.min(700, bytes.length - at));
                }
                var expected = Arrays.copyOf(bytes, size);
                assertThat(part.sums()).isEqualTo(Sums.of(expected, size));
                for (int n = 0; n < 2; n++) { // a part that fails is read again
                    try (var in = part.open()) {
                        assertThat(in.readAllBytes()).isEqualTo(expected);
                    }
                }
                assertThat(scratch).isEmptyDirectory();
            }
        }
    }
}
