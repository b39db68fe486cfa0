package io.tiphys.submitter.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LentTest {
    private static final int MEBIBYTE = 1 << 20;

    private final Lent lent = new Lent();

    @Test
    void manyShareWhatAFewMayHave() {
        begin(1);
        int alone = lent.most();
        assertThat(alone).isGreaterThanOrEqualTo(4 * lent.largestRead()); // or the store waits for the reader
        begin(199);
        assertThat(200L * (lent.most() + lent.largestRead())).isLessThan(64 * MEBIBYTE);
        for (int n = 0; n < 199; n++) {
            lent.over();
        }
        assertThat(lent.most()).isEqualTo(alone);
    }

    /** With less than that a reader would be served in crumbs. */
    @Test
    void everyoneHasSome() {
        begin(10_000);
        assertThat(lent.most()).isEqualTo(64 * 1024);
        assertThat(lent.largestRead()).isEqualTo(64 * 1024);
    }

    private void begin(int passages) {
        for (int n = 0; n < passages; n++) {
            lent.begun();
        }
    }
}
