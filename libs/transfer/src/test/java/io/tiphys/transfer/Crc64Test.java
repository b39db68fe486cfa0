package io.tiphys.transfer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Crc64Test {
    @Test
    void hasThePublishedCheckValue() {
        assertThat(Crc64.of("123456789".getBytes(US_ASCII))).isEqualTo(0x995DC9BBDF1939FAL);
    }

    @Test
    void combinesPiecesOfAnyLength() {
        var bytes = new byte[5000];
        new SplittableRandom(7).nextBytes(bytes);
        for (int cut : new int[] {0, 1, 7, 8, 9, 2500, 4999, 5000}) {
            long first = Crc64.of(Arrays.copyOf(bytes, cut));
            long second = Crc64.of(Arrays.copyOfRange(bytes, cut, bytes.length));
            assertThat(Crc64.combine(first, second, bytes.length - cut))
                    .as("cut at %d", cut)
                    .isEqualTo(Crc64.of(bytes));
        }
    }
}
