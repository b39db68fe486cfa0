package io.tiphys.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartSizesTest {
    private static final long MEBIBYTE = 1024 * 1024;

    @ParameterizedTest
    @ValueSource(longs = {1, 16 * MEBIBYTE, 20_480 * MEBIBYTE, 1L << 40, PartSizes.LARGEST_OBJECT_BYTES})
    void tenThousandPartsAreEnoughForAnyFile(long size) {
        long part = PartSizes.ofFile(size, 16 * MEBIBYTE);
        assertThat((size + part - 1) / part).isLessThanOrEqualTo(PartSizes.MOST_PARTS);
        assertThat(part).isBetween(16 * MEBIBYTE, 5120 * MEBIBYTE);
    }

    @Test
    void streamsMayBecomeAlmostEightTebibytes() {
        long sum = 0;
        for (int n = 1; n <= PartSizes.MOST_PARTS; n++) {
            sum += PartSizes.ofStream(n);
        }
        assertThat(PartSizes.ofStream(1)).isEqualTo(8 * MEBIBYTE);
        assertThat(PartSizes.ofStream(PartSizes.MOST_PARTS)).isLessThanOrEqualTo(5120 * MEBIBYTE);
        assertThat(sum).isGreaterThan(7_900L * 1024 * MEBIBYTE);
    }
}
