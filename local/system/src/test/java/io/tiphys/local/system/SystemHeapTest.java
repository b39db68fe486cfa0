package io.tiphys.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SystemHeapTest {
    @Test
    void aLargeMachineKeepsMoreObjects() {
        assertThat(SystemHeap.mebibytes(24L << 30)).isEqualTo(2048);
        assertThat(SystemHeap.mebibytes(12L << 30)).isEqualTo(1024);
    }

    @Test
    void aSmallOneStillHasRoomForALargeWorkflow() {
        assertThat(SystemHeap.mebibytes(2L << 30)).isEqualTo(640);
        assertThat(SystemHeap.mebibytes(0)).isEqualTo(640);
    }
}
