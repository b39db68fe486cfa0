package io.tiphys.artifactgc.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tiphys.api.Artifact;
import io.tiphys.api.Manifests;
import io.tiphys.api.OSSArtifactBuilder;
import io.tiphys.api.Workflow;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GcPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void completionTakesOnlyWhatSaysSo() {
        GcPlan plan = plan(Workflows.completed("{strategy: OnWorkflowDeletion}", ""));

        assertThat(plan.due()).containsExactly(GcStrategy.ON_WORKFLOW_COMPLETION);
        assertThat(names(plan)).containsExactly("scratch");
    }

    @Test
    void deletionTakesTheRestButNeverWhatIsToStay() {
        GcPlan plan = plan(Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED));

        assertThat(plan.due())
                .containsExactlyInAnyOrder(GcStrategy.ON_WORKFLOW_COMPLETION, GcStrategy.ON_WORKFLOW_DELETION);
        assertThat(names(plan)).containsExactly("scratch", "report");
    }

    @Test
    void withoutAWorkflowPolicyOnlyArtifactsWithTheirOwnGo() {
        assertThat(names(plan(Workflows.completed("{}", Workflows.BEING_DELETED))))
                .containsExactly("scratch");
    }

    @Test
    void outputsThatStepsRepeatAreNotDeletedTwice() {
        GcPlan plan = plan(Workflows.completed("{strategy: OnWorkflowCompletion}", ""));

        assertThat(plan.deletions()).extracting(Deletion::nodeId).containsOnly("wf-1");
    }

    @Test
    void nothingIsDueWhileTheWorkflowRuns() {
        Workflow running = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        running.getMetadata().getLabels().clear();

        assertThat(plan(running).isEmpty()).isTrue();
        assertThat(GcPlan.isReady(running)).isFalse();
    }

    @Test
    void whatIsRecordedAsDeletedIsNotDueAgain() {
        Workflow before = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        GcPlan plan = plan(before);

        Workflow after = before.withStatus(GcRecord.apply(before.getStatus(), plan, allDeleted(plan)));

        assertThat(plan(after).isEmpty()).isTrue();
        assertThat(plan(after).isFinished()).isTrue();
        assertThat(plan(before).isFinished()).isFalse();
    }

    @Test
    void aFailureBecomesAConditionAndTheArtifactStaysDue() {
        Workflow before = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        GcPlan plan = plan(before);
        List<Outcome> outcomes = List.of(
                new Outcome.Deleted(plan.deletions().get(0)),
                new Outcome.Failed(plan.deletions().get(1), "artifact report: access denied", false));

        Workflow after = before.withStatus(GcRecord.apply(before.getStatus(), plan, outcomes));

        assertThat(after.getStatus().conditions())
                .singleElement()
                .satisfies(
                        condition -> assertThat(condition.message())
                                .isEqualTo(
                                        "Artifact Garbage Collection failed for strategy OnWorkflowCompletion, err:artifact report: access denied"));
        assertThat(names(plan(after))).containsExactly("report");
        assertThat(plan(after).isFinished()).isFalse();
    }

    static Stream<Arguments> policies() {
        String when = "tiphys.io/artifact-gc-when";
        String keep = "tiphys.io/artifact-keep";
        String delay = "tiphys.io/artifact-gc-delay";
        return Stream.of(
                arguments(Map.of(), List.of("scratch", "report")),
                arguments(Map.of(when, "Succeeded"), List.of("scratch", "report")),
                arguments(Map.of(when, "Failed"), List.of()),
                arguments(Map.of(keep, "report, other"), List.of("scratch")),
                arguments(Map.of(keep, "scratch,report"), List.of()),
                arguments(Map.of(delay, "10m"), List.of("scratch", "report")),
                arguments(Map.of(delay, "10m1s"), List.of()),
                arguments(Map.of(delay, "0s"), List.of("scratch", "report")),
                arguments(Map.of("tiphys.io/artifact-gc-dry-run", "true"), List.of()),
                arguments(Map.of("tiphys.io/artifact-gc-dry-run", "false"), List.of("scratch", "report")));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void annotationsNarrowDownWhatGoes(Map<String, String> annotations, List<String> going) {
        assertThat(names(plan(Workflows.annotated("{strategy: OnWorkflowCompletion}", annotations, ""))))
                .isEqualTo(going);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tiphys.io/artifact-gc-when    | succeeded | annotation tiphys.io/artifact-gc-when: "succeeded" is not Succeeded or Failed
            tiphys.io/artifact-gc-when    | Always    | annotation tiphys.io/artifact-gc-when: "Always" is not Succeeded or Failed
            tiphys.io/artifact-gc-dry-run | yes       | annotation tiphys.io/artifact-gc-dry-run: "yes" is not true or false
            tiphys.io/artifact-gc-delay   | 1d        | annotation tiphys.io/artifact-gc-delay: "1d" is not a duration such as 24h, 90m or 1h30m, at most 87600h
            tiphys.io/artifact-gc-delay   | -5m       | annotation tiphys.io/artifact-gc-delay: "-5m" is not a duration such as 24h, 90m or 1h30m, at most 87600h
            tiphys.io/artifact-gc-delay   | 99999h    | annotation tiphys.io/artifact-gc-delay: "99999h" is not a duration such as 24h, 90m or 1h30m, at most 87600h
            """)
    void whatCannotBeReadDeletesNothing(String annotation, String value, String problem) {
        GcPlan plan = plan(Workflows.annotated("{strategy: OnWorkflowCompletion}", Map.of(annotation, value), ""));

        assertThat(plan.deletions()).isEmpty();
        assertThat(plan.due()).isEmpty();
        assertThat(plan.problems()).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "Succeeded, Failed,    false", // the node's phase counts for a template's annotation, not the workflow's
        "Failed,    Failed,    true",
        "Failed,    Error,     true",
        "Failed,    Succeeded, false",
        "Succeeded, Succeeded, true",
    })
    void aTemplatesAnnotationLooksAtItsNodes(String when, String nodePhase, boolean goes) {
        Workflow workflow = Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: wf
                  namespace: default
                  uid: u-1
                  labels: {workflows.argoproj.io/completed: "true"}
                  annotations: {tiphys.io/artifact-gc-when: Failed}
                spec:
                  artifactGC: {strategy: OnWorkflowCompletion}
                  templates:
                    - name: step
                      metadata: {annotations: {tiphys.io/artifact-gc-when: %s}}
                      container: {image: alpine}
                status:
                  phase: Succeeded
                  nodes:
                    wf:
                      {id: wf, name: wf, type: Pod, phase: %s, templateName: step, templateScope: local/wf,
                       outputs: {artifacts: [{name: main-logs, oss: {key: wf/main.log}}]}}
                """.formatted(when, nodePhase), Workflow.class);

        assertThat(names(plan(workflow))).isEqualTo(goes ? List.of("main-logs") : List.of());
    }

    @Test
    void nodesThatAreNotThereAreAProblemAndNotTheEnd() {
        Workflow workflow = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        GcPlan plan = plan(
                workflow.withStatus(workflow.getStatus().withNodes(Map.of()).withOffloadNodeStatusVersion("fnv:1")));

        assertThat(plan.isFinished()).isFalse();
        assertThat(plan.problems()).singleElement().asString().contains("can't be read from the archive");
    }

    @Test
    void anAnnotationThatConcernsNothingHoldsNothing() {
        Workflow workflow = Workflows.annotated("{}", Map.of("tiphys.io/artifact-gc-when", "x"), "");
        Workflow withoutArtifacts = workflow.withStatus(workflow.getStatus().withNodes(Map.of()));

        assertThat(plan(withoutArtifacts).isFinished()).isTrue();
    }

    @Test
    void aKeyWithoutItsBucketIsTakenFromTheRepositoryOfTheWorkflow() {
        Workflow workflow = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        Workflow whole = workflow.withStatus(Manifests.read("""
                        kind: Workflow
                        status:
                          artifactRepositoryRef:
                            artifactRepository: {oss: {endpoint: "https://oss.example", bucket: b, keyFormat: x}}
                        """, Workflow.class)
                .getStatus()
                .withNodes(workflow.getStatus().nodes()));

        assertThat(plan(whole).deletions().getFirst().artifact().oss())
                .isEqualTo(OSSArtifactBuilder.builder()
                        .endpoint("https://oss.example")
                        .bucket("b")
                        .key("wf/a/scratch")
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "wf/a,     wf/a,     true",
        "wf/a,     wf/b,     false",
        "wf/a,     wf,       true", // a directory that another needs whole
        "wf/a,     wf/a/b,   true", // something in a directory
        "wf/a,     wf/ab,    false",
    })
    void anothersNeedForbidsADeletion(String deleted, String needed, boolean forbidden) {
        Artifact artifact = Manifests.read(
                        "kind: Workflow\nspec: {arguments: {artifacts: [{name: x, oss: {key: %s}}]}}"
                                .formatted(deleted),
                        Workflow.class)
                .getSpec()
                .arguments()
                .artifacts()
                .getFirst();
        Deletion deletion = new Deletion(
                new WorkflowRef("default", "wf", "u-1"), "wf-1", artifact, GcStrategy.ON_WORKFLOW_DELETION);

        assertThat(Collections.disjoint(
                        References.forbidding(deletion),
                        References.needsOf(Workflows.reading(needed), NOW).marks()))
                .isNotEqualTo(forbidden);
    }

    @Test
    void twoThatBothWroteAKeyAndBothAreToDeleteItDoNotWaitForEachOther() {
        Workflow other = Workflows.completed("{strategy: OnWorkflowCompletion}", "");

        assertThat(References.needsOf(other, NOW).marks())
                .noneMatch(mark -> mark.contains("scratch") || mark.contains("report"));
        assertThat(References.needsOf(Workflows.completed("{}", ""), NOW).marks())
                .anyMatch(mark -> mark.endsWith("wf/a/report"));
    }

    private static GcPlan plan(Workflow workflow) {
        return GcPlan.of(workflow, NOW);
    }

    private static List<Outcome> allDeleted(GcPlan plan) {
        return plan.deletions().stream().<Outcome>map(Outcome.Deleted::new).toList();
    }

    private static List<String> names(GcPlan plan) {
        return plan.deletions().stream().map(d -> d.artifact().name()).toList();
    }
}
