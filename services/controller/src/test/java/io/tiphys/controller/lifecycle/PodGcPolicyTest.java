package io.tiphys.controller.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.tiphys.api.NodePhase;
import io.tiphys.api.PodGC;
import io.tiphys.api.WorkflowPhase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodGcPolicyTest {
    private static final Map<String, String> NO_LABELS = Map.of();

    @Test
    void keepsPodsUnlessAsked() {
        PodGcPolicy none = PodGcPolicy.of(null);

        assertThat(none.deletesOnPodEnd(NodePhase.SUCCEEDED, NO_LABELS)).isFalse();
        assertThat(none.deletesOnWorkflowEnd(WorkflowPhase.SUCCEEDED, NO_LABELS))
                .isFalse();
    }

    @Test
    void keepsFailedPodsOnPodSuccess() {
        PodGcPolicy policy = PodGcPolicy.of(new PodGC("OnPodSuccess", null, "2s"));

        assertThat(policy.deletesOnPodEnd(NodePhase.SUCCEEDED, NO_LABELS)).isTrue();
        assertThat(policy.deletesOnPodEnd(NodePhase.FAILED, NO_LABELS)).isFalse();
        assertThat(policy.deleteDelay()).contains(Duration.ofSeconds(2));
    }

    @Test
    void tellsWorkflowSuccessFromCompletion() {
        PodGcPolicy success = PodGcPolicy.of(new PodGC("OnWorkflowSuccess", null, null));
        PodGcPolicy completion = PodGcPolicy.of(new PodGC("OnWorkflowCompletion", null, null));

        assertThat(success.deletesOnWorkflowEnd(WorkflowPhase.FAILED, NO_LABELS))
                .isFalse();
        assertThat(completion.deletesOnWorkflowEnd(WorkflowPhase.FAILED, NO_LABELS))
                .isTrue();
        assertThat(completion.deletesOnPodEnd(NodePhase.SUCCEEDED, NO_LABELS)).isFalse();
    }

    @Test
    void deletesOnlySelectedPods() {
        PodGcPolicy policy = PodGcPolicy.of(new PodGC(
                "OnPodCompletion",
                new LabelSelectorBuilder().addToMatchLabels("gc", "yes").build(),
                null));

        assertThat(policy.deletesOnPodEnd(NodePhase.SUCCEEDED, Map.of("gc", "yes")))
                .isTrue();
        assertThat(policy.deletesOnPodEnd(NodePhase.SUCCEEDED, NO_LABELS)).isFalse();
    }

    @Test
    void readsDurationsAsGoDoes() {
        assertThat(Durations.parse("1h30m")).contains(Duration.ofMinutes(90));
        assertThat(Durations.parse("500ms")).contains(Duration.ofMillis(500));
        assertThat(Durations.parse("7")).contains(Duration.ofSeconds(7));
        assertThat(Durations.parse("soon")).isEmpty();
        assertThat(Durations.parse(null)).isEmpty();
    }
}
