package io.tiphys.controller.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.tiphys.api.Condition;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowStatus;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.cron.CronPlan.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CronPlanTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant MINUTE_BEFORE = NOON.minusSeconds(60);

    @Test
    void startsWhatIsDue() {
        assertThat(fired(cron(""), NOON.plusSeconds(1))).contains(NOON);
        assertThat(fired(cron(""), NOON.minusSeconds(1))).isEmpty();
    }

    @Test
    void startsNothingForATimeThatWasDealtWith() {
        assertThat(CronPlan.of(cron(""), List.of(), Memory.NONE.settle(NOON), NOON.plusSeconds(1))
                        .fire())
                .isEmpty();
        assertThat(fired(claimed(cron(""), NOON, NOON), NOON.plusSeconds(1))).isEmpty();
        assertThat(fired(claimed(cron(""), NOON, null), NOON.plusSeconds(1))).isEmpty();
    }

    @Test
    void wakesWhenTheNextTimeComes() {
        assertThat(plan(cron(""), NOON.minusSeconds(20)).wake()).isEqualTo(NOON);
        assertThat(plan(cron("schedules: ['0 * * * *', '@every 45s']"), NOON.plusSeconds(1))
                        .wake())
                .isEqualTo(NOON.plusSeconds(15));
    }

    @Test
    void doesNothingWhileSuspended() {
        assertThat(fired(cron("suspend: true"), NOON.plusSeconds(1))).isEmpty();
    }

    @Test
    void makesNothingUpForAfterASuspensionWithoutDeadline() {
        Memory memory = plan(cron("suspend: true"), NOON.plusSeconds(5)).memory();

        assertThat(CronPlan.of(cron(""), List.of(), memory, NOON.plusSeconds(6)).fire())
                .isEmpty();
    }

    @Test
    void skipsWhatIsLongPast() {
        assertThat(fired(cron(""), NOON.plusSeconds(40))).isEmpty();
        assertThat(fired(claimed(cron(""), MINUTE_BEFORE, MINUTE_BEFORE), NOON.plusSeconds(40)))
                .isEmpty();
    }

    @Test
    void makesUpForTheLastMissedRunWithinTheDeadline() {
        CronWorkflow cron = claimed(cron("startingDeadlineSeconds: 50"), MINUTE_BEFORE, MINUTE_BEFORE);

        assertThat(fired(cron, NOON.plusSeconds(40))).contains(NOON);
        assertThat(fired(cron, NOON.plusSeconds(55))).isEmpty();
        assertThat(fired(claimed(cron, NOON.minusSeconds(3600), NOON.minusSeconds(3600)), NOON.plusSeconds(40)))
                .contains(NOON);
    }

    @Test
    void makesNothingUpForBeforeTheFirstRun() {
        assertThat(fired(cron("startingDeadlineSeconds: 50"), NOON.plusSeconds(40)))
                .isEmpty();
    }

    @Test
    void makesNothingUpForWhenTheSchedulesWereChanged() {
        CronWorkflow cron =
                claimed(cron("startingDeadlineSeconds: 50\ntimezone: Asia/Tokyo"), MINUTE_BEFORE, MINUTE_BEFORE);
        CronWorkflow changed = annotated(cron, Map.of(Ledger.SCHEDULES, "CRON_TZ=Asia/Tokyo 5 * * * *"));

        assertThat(Ledger.schedules(cron.getSpec())).isEqualTo("CRON_TZ=Asia/Tokyo * * * * *");
        assertThat(fired(
                        annotated(cron, Map.of(Ledger.SCHEDULES, "CRON_TZ=Asia/Tokyo * * * * *")),
                        NOON.plusSeconds(40)))
                .contains(NOON);
        assertThat(fired(changed, NOON.plusSeconds(40))).isEmpty();
        assertThat(fired(changed, NOON.plusSeconds(1))).isEmpty();
    }

    @Test
    void finishesWhatSomebodyElseClaimedOnlyIfTheDeadlineAsksForIt() {
        CronWorkflow lost = claimed(cron(""), NOON, MINUTE_BEFORE);
        CronWorkflow wanted = claimed(cron("startingDeadlineSeconds: 50"), NOON, MINUTE_BEFORE);

        assertThat(fired(lost, NOON.plusSeconds(10))).isEmpty();
        assertThat(fired(wanted, NOON.plusSeconds(10))).contains(NOON);
        assertThat(CronPlan.of(lost, List.of(), Memory.NONE.claim(NOON), NOON.plusSeconds(10))
                        .fire())
                .as("claimed by this replica itself, and refused by the API server for the moment")
                .isPresent();
    }

    @Test
    void takesOverTheWorkflowOfAClaimedTime() {
        CronWorkflow cron = claimed(cron("startingDeadlineSeconds: 50"), NOON, MINUTE_BEFORE);
        Child child = child("tick-" + NOON.getEpochSecond(), WorkflowPhase.SUCCEEDED);

        CronPlan plan = CronPlan.of(cron, List.of(child), Memory.NONE, NOON.plusSeconds(10));

        assertThat(plan.fire()).isEmpty();
        assertThat(plan.status().lastScheduledTime()).isEqualTo(NOON);
        assertThat(plan.status().succeeded()).isEqualTo(1);
        assertThat(plan.status().active()).isEmpty();
    }

    @Test
    void countsWhatHasEnded() {
        Child running = child("a", WorkflowPhase.RUNNING);
        Child done = child("b", WorkflowPhase.SUCCEEDED);
        Child failed = child("c", WorkflowPhase.FAILED);
        Child stray = child("d", WorkflowPhase.RUNNING);
        CronWorkflow cron = active(cron(""), running, done, failed, child("gone", WorkflowPhase.RUNNING));

        CronWorkflowStatus status = CronPlan.of(
                        cron, List.of(running, done, failed, stray), Memory.NONE.settle(NOON), NOON)
                .status();

        assertThat(status.active()).extracting(ObjectReference::getName).containsExactly("a", "d");
        assertThat(status.succeeded()).isEqualTo(1);
        assertThat(status.failed()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"Allow, true, 0", "Forbid, false, 0", "Replace, true, 1"})
    void followsTheConcurrencyPolicy(String policy, boolean starts, int replaced) {
        Child running = child("a", WorkflowPhase.RUNNING);
        CronWorkflow cron = active(cron("concurrencyPolicy: " + policy), running);

        CronPlan plan = CronPlan.of(cron, List.of(running), Memory.NONE, NOON.plusSeconds(1));

        assertThat(plan.fire().isPresent()).isEqualTo(starts);
        assertThat(plan.fire().stream().mapToInt(fire -> fire.replaces().size()).sum())
                .isEqualTo(replaced);
        assertThat(plan.overlap()).isEqualTo(policy.equals("Allow") ? null : policy);
    }

    @Test
    void startsAForbiddenRunOnceTheEarlierOneIsOverAndTheDeadlineAllows() {
        Child running = child("a", WorkflowPhase.RUNNING);
        Child over = child("a", WorkflowPhase.SUCCEEDED);
        CronWorkflow patient = active(
                claimed(cron("concurrencyPolicy: Forbid\nstartingDeadlineSeconds: 50"), MINUTE_BEFORE, MINUTE_BEFORE),
                running);
        CronWorkflow strict = active(claimed(cron("concurrencyPolicy: Forbid"), MINUTE_BEFORE, MINUTE_BEFORE), running);

        assertThat(twice(patient, running, over)).contains(NOON);
        assertThat(twice(strict, running, over)).isEmpty();
    }

    private static Optional<Instant> twice(CronWorkflow cron, Child first, Child then) {
        CronPlan met = CronPlan.of(cron, List.of(first), Memory.NONE, NOON.plusSeconds(1));
        assertThat(met.fire()).isEmpty();
        assertThat(met.overlap()).isEqualTo("Forbid");
        CronPlan again = CronPlan.of(cron, List.of(first), met.memory(), NOON.plusSeconds(2));
        assertThat(again.overlap()).as("counted once").isNull();
        return CronPlan.of(cron, List.of(then), again.memory(), NOON.plusSeconds(12))
                .fire()
                .map(CronPlan.Fire::scheduled);
    }

    @ParameterizedTest
    @MethodSource
    void asksWhen(String when, boolean starts) {
        assertThat(fired(cron("when: \"" + when + "\""), NOON.plusSeconds(1)).isPresent())
                .isEqualTo(starts);
    }

    static Stream<Arguments> asksWhen() {
        return Stream.of(
                Arguments.of("{{= cronworkflow.failed < 1 }}", true),
                Arguments.of("{{= cronworkflow.succeeded >= 1 }}", false),
                Arguments.of("{{cronworkflow.name}} == tick", true),
                Arguments.of("{{= cronworkflow.labels.tier == 'gold' }}", true),
                Arguments.of("{{= cronworkflow.labels['workflows.argoproj.io/creator'] == 'me' }}", true),
                Arguments.of(
                        "{{= cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Seconds() > 60 }}",
                        true));
    }

    @Test
    void knowsInWhenHowLongAgoTheLastRunWas() {
        CronWorkflow cron = cron("when: \"{{= cronworkflow.lastScheduledTime == nil "
                + "|| (now() - cronworkflow.lastScheduledTime).Seconds() > 3600 }}\"");

        assertThat(fired(claimed(cron, NOON.minusSeconds(1800), NOON.minusSeconds(1800)), NOON.plusSeconds(1)))
                .isEmpty();
        assertThat(fired(claimed(cron, NOON.minusSeconds(7200), NOON.minusSeconds(7200)), NOON.plusSeconds(1)))
                .contains(NOON);
    }

    @Test
    void reportsAWhenThatIsNoCondition() {
        CronWorkflowStatus status =
                plan(cron("when: 'perhaps'"), NOON.plusSeconds(1)).status();

        assertThat(status.conditions()).extracting(Condition::type).containsExactly("SubmissionError");
        assertThat(status.conditions().getFirst().message()).startsWith("run policy error: ");
        assertThat(status.failed()).isEqualTo(1);
    }

    @Test
    void reportsASpecThatCannotBeRun() {
        CronPlan schedule = plan(cron("schedules: ['sometimes']"), NOON.plusSeconds(1));
        CronPlan stop = plan(cron("stopStrategy: {expression: 'cronworkflow.failed'}"), NOON.plusSeconds(1));

        for (CronPlan plan : List.of(schedule, stop)) {
            assertThat(plan.fire()).isEmpty();
            assertThat(plan.status().conditions()).extracting(Condition::type).containsExactly("SpecError");
        }
        assertThat(stop.status().conditions().getFirst().message())
                .startsWith("failed to check CronWorkflow 'tick' stopping condition: ");
    }

    @Test
    void stopsForGoodWhenTheStrategySaysSo() {
        Child done = child("a", WorkflowPhase.SUCCEEDED);
        CronWorkflow cron = active(cron("stopStrategy: {expression: 'cronworkflow.succeeded >= 1'}"), done);

        CronPlan plan = CronPlan.of(cron, List.of(done), Memory.NONE, NOON.plusSeconds(1));

        assertThat(plan.fire()).isEmpty();
        assertThat(plan.completes()).isTrue();
        assertThat(plan.status().phase()).isEqualTo("Stopped");
        assertThat(CronPlan.of(cron.withStatus(plan.status()), List.of(), plan.memory(), NOON.plusSeconds(61))
                        .fire())
                .isEmpty();
    }

    @Test
    void keepsTheYoungestOfWhatHasEnded() {
        List<Child> children = Stream.of("a", "b", "c", "d", "e")
                .map(name -> child(name, WorkflowPhase.SUCCEEDED, NOON.plusSeconds(name.charAt(0))))
                .toList();
        Child failed = child("f", WorkflowPhase.ERROR, NOON);

        assertThat(deleted(cron(""), children)).containsExactly("b", "a");
        assertThat(deleted(cron("successfulJobsHistoryLimit: 0"), children)).hasSize(5);
        assertThat(deleted(cron("failedJobsHistoryLimit: 0"), List.of(failed))).containsExactly("f");
        assertThat(deleted(cron("failedJobsHistoryLimit: -1"), List.of(failed))).isEmpty();
    }

    @Test
    void aClaimOfAClockThatWasFarAheadHoldsNothingUp() {
        Instant nextYear = NOON.plusSeconds(366 * 86_400L);

        assertThat(fired(claimed(cron(""), nextYear, nextYear), NOON.plusSeconds(1)))
                .contains(NOON);
        assertThat(CronPlan.of(cron(""), List.of(), Memory.NONE.settle(nextYear), NOON.plusSeconds(1))
                        .memory()
                        .settled())
                .isBeforeOrEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void namesTheChildByTheScheduledTime() {
        Workflow child = ChildWorkflow.of(cron("workflowMetadata: {labels: {a: b}, annotations: {c: d}}"), NOON);

        assertThat(child.getMetadata().getName()).isEqualTo("tick-" + NOON.getEpochSecond());
        assertThat(child.getMetadata().getLabels())
                .containsEntry("a", "b")
                .containsEntry("workflows.argoproj.io/creator", "me")
                .containsEntry("workflows.argoproj.io/cron-workflow", "tick")
                .doesNotContainKey("tier");
        assertThat(child.getMetadata().getAnnotations())
                .containsEntry("c", "d")
                .containsEntry("workflows.argoproj.io/scheduled-time", "2026-11-22T12:00:00Z");
        assertThat(child.getMetadata().getOwnerReferences()).hasSize(1);
        assertThat(child.getSpec().entrypoint()).isEqualTo("main");
    }

    private static List<String> deleted(CronWorkflow cron, List<Child> children) {
        return CronPlan.of(cron, children, Memory.NONE.settle(NOON), NOON).deletions().stream()
                .map(Child::name)
                .toList();
    }

    private static CronPlan plan(CronWorkflow cron, Instant now) {
        return CronPlan.of(cron, List.of(), Memory.NONE, now);
    }

    private static Optional<Instant> fired(CronWorkflow cron, Instant now) {
        return plan(cron, now).fire().map(CronPlan.Fire::scheduled);
    }

    private static Child child(String name, WorkflowPhase phase) {
        return child(name, phase, phase.isFulfilled() ? NOON : null);
    }

    private static Child child(String name, WorkflowPhase phase, @Nullable Instant finished) {
        return new Child(
                new ObjectReferenceBuilder()
                        .withName(name)
                        .withUid("uid-" + name)
                        .build(),
                phase,
                finished,
                false);
    }

    private static CronWorkflow active(CronWorkflow cron, Child... children) {
        return cron.withStatus(cron.getStatus()
                .withActive(Stream.of(children).map(Child::reference).toList()));
    }

    private static CronWorkflow claimed(CronWorkflow cron, Instant claimed, @Nullable Instant scheduled) {
        CronWorkflow noted = annotated(cron, Map.of(Ledger.CLAIMED, claimed.toString()));
        return noted.withStatus(cron.getStatus().withLastScheduledTime(scheduled));
    }

    private static CronWorkflow annotated(CronWorkflow cron, Map<String, String> annotations) {
        return cron.withMetadata(new ObjectMetaBuilder(cron.getMetadata())
                .addToAnnotations(annotations)
                .build());
    }

    private static CronWorkflow cron(String more) {
        String schedules = more.contains("schedules:") ? "" : "  schedules: [\"* * * * *\"]\n";
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: CronWorkflow
                metadata:
                  name: tick
                  namespace: default
                  uid: u
                  creationTimestamp: "2026-11-22T11:59:30Z"
                  labels: {tier: gold, workflows.argoproj.io/creator: me}
                spec:
                  workflowSpec: {entrypoint: main}
                """ + schedules + more.indent(2), CronWorkflow.class);
    }
}
