package io.tiphys.artifactgc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Workflow;
import java.util.List;
import org.junit.jupiter.api.Test;

class GcPlanTest {
    @Test
    void completionTakesOnlyWhatSaysSo() {
        GcPlan plan = GcPlan.of(Workflows.completed("{strategy: OnWorkflowDeletion}", ""));

        assertThat(plan.due()).containsExactly(GcStrategy.ON_WORKFLOW_COMPLETION);
        assertThat(names(plan)).containsExactly("scratch");
    }

    @Test
    void deletionTakesTheRestButNeverWhatIsToStay() {
        GcPlan plan = GcPlan.of(Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED));

        assertThat(plan.due())
                .containsExactlyInAnyOrder(GcStrategy.ON_WORKFLOW_COMPLETION, GcStrategy.ON_WORKFLOW_DELETION);
        assertThat(names(plan)).containsExactly("scratch", "report");
    }

    @Test
    void withoutAWorkflowPolicyOnlyArtifactsWithTheirOwnGo() {
        assertThat(names(GcPlan.of(Workflows.completed("{}", Workflows.BEING_DELETED))))
                .containsExactly("scratch");
    }

    @Test
    void outputsThatStepsRepeatAreNotDeletedTwice() {
        GcPlan plan = GcPlan.of(Workflows.completed("{strategy: OnWorkflowCompletion}", ""));

        assertThat(plan.deletions()).extracting(Deletion::nodeId).containsOnly("wf-1");
    }

    @Test
    void nothingIsDueWhileTheWorkflowRuns() {
        Workflow running = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        running.getMetadata().getLabels().clear();

        assertThat(GcPlan.of(running).isEmpty()).isTrue();
        assertThat(GcPlan.isReady(running)).isFalse();
    }

    @Test
    void whatIsRecordedAsDeletedIsNotDueAgain() {
        Workflow before = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        GcPlan plan = GcPlan.of(before);

        Workflow after = before.withStatus(GcRecord.apply(before.getStatus(), plan, allDeleted(plan)));

        assertThat(GcPlan.of(after).isEmpty()).isTrue();
        assertThat(GcPlan.isFinished(after)).isTrue();
        assertThat(GcPlan.isFinished(before)).isFalse();
    }

    @Test
    void aFailureBecomesAConditionAndTheArtifactStaysDue() {
        Workflow before = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        GcPlan plan = GcPlan.of(before);
        List<Outcome> outcomes = List.of(
                new Outcome.Deleted(plan.deletions().get(0)),
                new Outcome.Failed(plan.deletions().get(1), "artifact report: access denied", false));

        Workflow after = before.withStatus(GcRecord.apply(before.getStatus(), plan, outcomes));

        assertThat(after.getStatus().conditions())
                .singleElement()
                .satisfies(condition -> assertThat(condition.message()).isEqualTo("artifact report: access denied"));
        assertThat(names(GcPlan.of(after))).containsExactly("report");
        assertThat(GcPlan.isFinished(after)).isFalse();
    }

    private static List<Outcome> allDeleted(GcPlan plan) {
        return plan.deletions().stream().<Outcome>map(Outcome.Deleted::new).toList();
    }

    private static List<String> names(GcPlan plan) {
        return plan.deletions().stream().map(d -> d.artifact().name()).toList();
    }
}
