package io.tiphys.controller.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.lifecycle.RetentionPolicy.Finished;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Finished workflow(String name, int second) {
        return new Finished("default", name, "uid-" + name, START.plusSeconds(second));
    }

    @Test
    void theOldestThatAreTooManyGo() {
        RetentionPolicy policy = new RetentionPolicy(OptionalInt.of(2), OptionalInt.empty(), OptionalInt.of(0));
        List<Finished> present = List.of(workflow("c", 3), workflow("a", 1), workflow("d", 4), workflow("b", 2));

        assertThat(policy.surplus(WorkflowPhase.SUCCEEDED, present))
                .extracting(Finished::name)
                .containsExactly("a", "b");
        assertThat(policy.surplus(WorkflowPhase.FAILED, present))
                .as("no number: all are kept")
                .isEmpty();
        assertThat(policy.surplus(WorkflowPhase.ERROR, present)).hasSize(4);
        assertThat(policy.surplus(WorkflowPhase.RUNNING, present)).isEmpty();
    }

    @Test
    void asManyAsMayStayStay() {
        RetentionPolicy policy = new RetentionPolicy(OptionalInt.of(2), OptionalInt.empty(), OptionalInt.empty());

        assertThat(policy.surplus(WorkflowPhase.SUCCEEDED, List.of(workflow("a", 1), workflow("b", 2))))
                .isEmpty();
    }
}
