package io.tiphys.artifactgc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkflowPagesTest {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void aPageTakesSomeMegabytesHoweverLargeWorkflowsAre() {
        assertThat(WorkflowPages.limitAfter(10, 10 * 4096)).isEqualTo(50);
        assertThat(WorkflowPages.limitAfter(10, 10 * 200_000)).isEqualTo(41);
        assertThat(WorkflowPages.limitAfter(41, 41 * MEBIBYTE)).isEqualTo(8);
        assertThat(WorkflowPages.limitAfter(8, 8 * 12 * MEBIBYTE)).isEqualTo(1);
    }
}
