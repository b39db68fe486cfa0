package io.tiphys.controller.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.TTLStrategy;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeToLiveTest {
    private static final Instant FINISHED = Instant.parse("2026-01-01T00:00:00Z");

    private static WorkflowSpec spec(
            @Nullable Integer completion, @Nullable Integer success, @Nullable Integer failure) {
        return WorkflowSpec.NONE.withTtlStrategy(new TTLStrategy(completion, success, failure));
    }

    private static WorkflowStatus finished(WorkflowPhase phase) {
        return WorkflowStatus.NONE.withPhase(phase).withFinishedAt(FINISHED);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, 10, 20, 30, 20",
        "FAILED, 10, 20, 30, 30",
        "ERROR, 10, 20, 30, 10",
        "SUCCEEDED, 10, , 30, 10",
        "FAILED, 10, 20, , 10",
        "SUCCEEDED, , 0, , 0",
        "FAILED, , 20, , ",
        "ERROR, , 20, 30, ",
    })
    void theMostSpecificSecondsCount(
            WorkflowPhase phase,
            @Nullable Integer completion,
            @Nullable Integer success,
            @Nullable Integer failure,
            @Nullable Integer after) {
        assertThat(TimeToLive.endOf(spec(completion, success, failure), finished(phase)))
                .isEqualTo(Optional.ofNullable(after).map(FINISHED::plusSeconds));
    }

    @Test
    void whatStillRunsOrHasNoStrategyStays() {
        assertThat(TimeToLive.endOf(spec(1, 1, 1), WorkflowStatus.NONE.withPhase(WorkflowPhase.RUNNING)))
                .isEmpty();
        assertThat(TimeToLive.endOf(WorkflowSpec.NONE, finished(WorkflowPhase.SUCCEEDED)))
                .isEmpty();
    }
}
