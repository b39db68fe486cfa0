package io.tiphys.controller.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessedOffsetsTest {
    private final ProcessedOffsets offsets = new ProcessedOffsets();

    @Test
    void commitsUpToTheFirstRecordThatIsUnderWay() {
        offsets.begin(10);
        offsets.begin(11);
        offsets.begin(12);
        offsets.done(11);

        assertThat(offsets.toCommit()).hasValue(10);

        offsets.done(10);
        assertThat(offsets.toCommit()).hasValue(12);

        offsets.done(12);
        assertThat(offsets.toCommit()).hasValue(13);
    }

    @Test
    void commitsNothingTwice() {
        offsets.begin(1);
        offsets.done(1);

        assertThat(offsets.toCommit()).hasValue(2);
        assertThat(offsets.toCommit()).isEmpty();
    }
}
