package io.tiphys.local.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is to be done about a Job, step by step, with a world that does it at once. */
class JobPlanTest {
    private static final Duration BACKOFF = Duration.ofSeconds(10);

    private final List<Pod> pods = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Job job = new Job();
    private int made;

    /** In flow style; what begins with a brace would be taken for JSON. */
    private static <T> T read(String yaml, Class<T> type) {
        return Serialization.unmarshal("# YAML\n" + yaml, type);
    }

    private void given(String spec) {
        job = read("{metadata: {name: j, namespace: n, uid: u}, spec: " + spec + "}", Job.class);
        job.setStatus(null);
    }

    private static String spec(String fields) {
        return "{" + fields + (fields.isEmpty() ? "" : ", ")
                + "template: {spec: {restartPolicy: Never, containers: [{name: main}]}}}";
    }

    /** Plans and does what the plan says; again until nothing is left to do. */
    private JobPlan settle() {
        JobPlan plan = JobPlan.of(job, pods, now, BACKOFF);
        for (int i = 0; i < 10; i++) {
            job.setStatus(plan.status());
            plan.release().forEach(pod -> replace(pod, without(pod)));
            plan.delete().forEach(pods::remove);
            plan.create().forEach(this::create);
            JobPlan next = JobPlan.of(job, pods, now, BACKOFF);
            if (next.status().equals(plan.status())
                    && next.create().isEmpty()
                    && next.release().isEmpty()) {
                return next;
            }
            plan = next;
        }
        return plan;
    }

    private void create(JobPlan.NewPod wanted) {
        String index = Integer.toString(wanted.index());
        pods.add(new PodBuilder()
                .withNewMetadata()
                .withName("p" + ++made)
                .withNamespace("n")
                .withUid("uid-" + made)
                .withFinalizers(JobPods.FINALIZER)
                .withAnnotations(
                        wanted.index() < 0
                                ? Map.of()
                                : Map.of(
                                        JobPods.INDEX,
                                        index,
                                        JobPods.INDEX_FAILURES,
                                        Integer.toString(wanted.failuresBefore())))
                .endMetadata()
                .withNewStatus()
                .withPhase("Running")
                .endStatus()
                .build());
    }

    private static Pod without(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withFinalizers(List.of())
                .endMetadata()
                .build();
    }

    private void replace(Pod pod, Pod with) {
        pods.replaceAll(
                each -> each.getMetadata().getUid().equals(pod.getMetadata().getUid()) ? with : each);
    }

    private void ends(String name, int exitCode) {
        Pod pod = pods.stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
        replace(
                pod,
                new PodBuilder(pod)
                        .editStatus()
                        .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                        .addNewContainerStatus()
                        .withName("main")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withFinishedAt(now.toString())
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build());
    }

    private List<String> running() {
        return pods.stream()
                .filter(JobPods::isActive)
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private String condition(String type) {
        return job.getStatus().getConditions().stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .map(JobCondition::getReason)
                .orElse("");
    }

    @Test
    void runsAsManyAtOnceAsItMayUntilEnoughSucceeded() {
        given(spec("parallelism: 2, completions: 3"));
        settle();
        assertThat(running()).containsExactly("p1", "p2");
        assertThat(job.getStatus().getActive()).isEqualTo(2);
        assertThat(job.getStatus().getStartTime()).isEqualTo("2026-01-01T00:00:00Z");

        ends("p1", 0);
        settle();
        assertThat(running()).containsExactly("p2", "p3");
        assertThat(job.getStatus().getSucceeded()).isEqualTo(1);

        ends("p2", 0);
        settle();
        assertThat(running()).containsExactly("p3");
        ends("p3", 0);
        settle();
        assertThat(job.getStatus().getSucceeded()).isEqualTo(3);
        assertThat(job.getStatus().getActive()).isNull();
        assertThat(condition("Complete")).isEqualTo("CompletionsReached");
        assertThat(job.getStatus().getCompletionTime()).isNotNull();
        assertThat(pods).noneMatch(JobPods::isTracked);
    }

    @Test
    void anEndThatWasCountedCountsNoMoreWhenThePodIsGone() {
        given(spec("completions: 2, parallelism: 1"));
        settle();
        ends("p1", 0);
        settle();
        pods.removeIf(pod -> pod.getMetadata().getName().equals("p1"));
        settle();
        assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(running()).containsExactly("p2");
    }

    @Test
    void aPodThatWasNotedButNotReleasedCountsOnce() {
        given(spec("completions: 2, parallelism: 1"));
        settle();
        ends("p1", 0);
        job.setStatus(JobPlan.of(job, pods, now, BACKOFF).status()); // and the writer died
        assertThat(job.getStatus().getUncountedTerminatedPods().getSucceeded()).containsExactly("uid-1");
        settle();
        assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(job.getStatus().getUncountedTerminatedPods().getSucceeded()).isEmpty();
    }

    @Test
    void failuresAreFollowedByPausesThatDouble() {
        given(spec("completions: 1, parallelism: 1, backoffLimit: 2"));
        settle();
        ends("p1", 1);
        JobPlan plan = settle();
        assertThat(running()).isEmpty();
        assertThat(plan.wake()).isEqualTo(now.plusSeconds(10));
        now = now.plusSeconds(10);
        settle();
        assertThat(running()).containsExactly("p2");
        ends("p2", 1);
        assertThat(settle().wake()).isEqualTo(now.plusSeconds(20));
        now = now.plusSeconds(20);
        settle();
        ends("p3", 1);
        settle();
        assertThat(running()).isEmpty();
        assertThat(job.getStatus().getFailed()).isEqualTo(3);
        assertThat(condition("Failed")).isEqualTo("BackoffLimitExceeded");
    }

    @Test
    void theFirstFailureBeyondTheLimitEndsTheOthers() {
        given(spec("completions: 3, parallelism: 3, backoffLimit: 0"));
        settle();
        ends("p2", 1);
        settle();
        assertThat(running()).isEmpty();
        assertThat(job.getStatus().getFailed()).isEqualTo(1);
        assertThat(condition("Failed")).isEqualTo("BackoffLimitExceeded");
    }

    @Test
    void aQueueOfWorkIsDoneWhenOneSucceededAndAllEnded() {
        given(spec("parallelism: 2"));
        settle();
        ends("p1", 0);
        settle();
        assertThat(running()).containsExactly("p2");
        assertThat(condition("Complete")).isEmpty();
        ends("p2", 0);
        settle();
        assertThat(condition("Complete")).isEqualTo("CompletionsReached");
        assertThat(job.getStatus().getSucceeded()).isEqualTo(2);
    }

    @Test
    void theDeadlineEndsItAndIsWaitedFor() {
        given(spec("completions: 1, parallelism: 1, activeDeadlineSeconds: 30"));
        assertThat(settle().wake()).isEqualTo(now.plusSeconds(30));
        now = now.plusSeconds(30);
        settle();
        assertThat(running()).isEmpty();
        assertThat(condition("Failed")).isEqualTo("DeadlineExceeded");
    }

    @Test
    void suspensionEndsPodsAndResumptionStartsTheClockAgain() {
        given(spec("completions: 1, parallelism: 1, suspend: true"));
        settle();
        assertThat(running()).isEmpty();
        assertThat(condition("Suspended")).isEqualTo("JobSuspended");
        assertThat(job.getStatus().getStartTime()).isNull();
        job.getSpec().setSuspend(false);
        now = now.plusSeconds(60);
        settle();
        assertThat(running()).containsExactly("p1");
        assertThat(job.getStatus().getStartTime()).isEqualTo("2026-01-01T00:01:00Z");
        assertThat(condition("Suspended")).isEqualTo("JobResumed");
        job.getSpec().setSuspend(true);
        settle();
        assertThat(running()).isEmpty();
        assertThat(job.getStatus().getFailed()).isNull();
    }

    @Test
    void eachIndexSucceedsOnce() {
        given(spec("completions: 4, parallelism: 4, completionMode: Indexed"));
        settle();
        assertThat(pods).extracting(JobPods::index).containsExactly(0, 1, 2, 3);
        ends("p1", 0);
        ends("p3", 0);
        ends("p4", 0);
        settle();
        assertThat(job.getStatus().getCompletedIndexes()).isEqualTo("0,2-3");
        ends("p2", 1);
        settle();
        now = now.plusSeconds(10);
        settle();
        assertThat(pods.getLast()).extracting(JobPods::index).isEqualTo(1);
        ends("p5", 0);
        settle();
        assertThat(job.getStatus().getCompletedIndexes()).isEqualTo("0-3");
        assertThat(job.getStatus().getSucceeded()).isEqualTo(4);
        assertThat(condition("Complete")).isNotEmpty();
    }

    @Test
    void anIndexThatFailsTooOftenIsLostAndTheOthersGoOn() {
        given(spec("completions: 2, parallelism: 2, completionMode: Indexed, backoffLimitPerIndex: 1,"
                + " backoffLimit: 2147483647"));
        settle();
        ends("p1", 1);
        settle();
        now = now.plusSeconds(10);
        settle();
        assertThat(running()).containsExactly("p2", "p3");
        ends("p3", 1);
        settle();
        assertThat(job.getStatus().getFailedIndexes()).isEqualTo("0");
        assertThat(running()).containsExactly("p2");
        ends("p2", 0);
        settle();
        assertThat(condition("Failed")).isEqualTo("FailedIndexes");
        assertThat(job.getStatus().getCompletedIndexes()).isEqualTo("1");
    }

    @Test
    void aPolicyOfSuccessEndsItEarly() {
        given(spec("completions: 3, parallelism: 3, completionMode: Indexed,"
                + " successPolicy: {rules: [{succeededIndexes: '1-2', succeededCount: 1}]}"));
        settle();
        ends("p1", 0);
        settle();
        assertThat(running()).hasSize(2);
        ends("p3", 0);
        settle();
        assertThat(running()).isEmpty();
        assertThat(condition("Complete")).isEqualTo("SuccessPolicy");
    }

    @Test
    void aPolicyOfFailureLooksAtExitCodes() {
        given(spec("completions: 1, parallelism: 1, podReplacementPolicy: Failed, podFailurePolicy: {rules: ["
                + "{action: Ignore, onExitCodes: {operator: In, values: [42]}},"
                + "{action: FailJob, onExitCodes: {operator: NotIn, values: [1, 42]}}]}"));
        settle();
        ends("p1", 42);
        settle();
        now = now.plusSeconds(10);
        settle();
        assertThat(job.getStatus().getFailed()).isNull();
        assertThat(running()).containsExactly("p2");
        ends("p2", 7);
        settle();
        assertThat(condition("Failed")).isEqualTo("PodFailurePolicy");
        assertThat(job.getStatus().getConditions())
                .anySatisfy(each -> assertThat(each.getMessage())
                        .isEqualTo("Container main for pod n/p2 failed with exit code 7 matching FailJob rule at"
                                + " index 1"));
    }

    @Test
    void oneThatIsOverIsDeletedInTime() {
        given(spec("completions: 0, parallelism: 1, ttlSecondsAfterFinished: 5"));
        JobPlan plan = settle();
        assertThat(condition("Complete")).isNotEmpty();
        assertThat(plan.expired()).isFalse();
        assertThat(plan.wake()).isEqualTo(now.plusSeconds(5));
        now = now.plusSeconds(5);
        assertThat(JobPlan.of(job, pods, now, BACKOFF).expired()).isTrue();
    }

    @Test
    void indexesAreWrittenAsRanges() {
        assertThat(Indexes.format(Indexes.parse("7,0,1,2,4-5"))).isEqualTo("0-2,4-5,7");
        assertThat(Indexes.format(Indexes.parse(""))).isEmpty();
    }
}
