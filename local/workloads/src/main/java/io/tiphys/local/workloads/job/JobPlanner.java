package io.tiphys.local.workloads.job;

import static io.tiphys.local.workloads.job.JobConditions.COMPLETE;
import static io.tiphys.local.workloads.job.JobConditions.CRITERIA_MET;
import static io.tiphys.local.workloads.job.JobConditions.FAILED;
import static io.tiphys.local.workloads.job.JobConditions.FAILURE_TARGET;
import static io.tiphys.local.workloads.job.JobConditions.SUSPENDED;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@link JobPlan} (Kubernetes: pkg/controller/job): counts the pods that have ended, decides whether that is the end, and brings
 * the others to the number that is wanted.
 */
final class JobPlanner {
    private final JobSpec spec;
    private final JobStatus before;
    private final List<Pod> pods;
    private final PlanTime time;
    private final JobConditions conditions;
    private final PodCount count;
    private final JobVerdict verdict;
    private final JobSize size;
    private @Nullable String startTime;
    private @Nullable String completionTime;

    JobPlanner(Job job, List<Pod> pods, Instant now, Duration firstBackoff) {
        this.spec = job.getSpec();
        this.before = Optional.ofNullable(job.getStatus()).orElseGet(JobStatus::new);
        this.pods = pods;
        this.time = new PlanTime(now);
        JobShape shape = JobShape.of(spec);
        this.conditions = new JobConditions(before, now);
        this.count = new PodCount(job, shape, before);
        this.verdict = new JobVerdict(spec, shape, pods, count, conditions, time);
        this.size = new JobSize(shape, pods, count, time, firstBackoff);
        this.startTime = before.getStartTime();
        this.completionTime = before.getCompletionTime();
    }

    JobPlan plan() {
        if (conditions.isOver()) {
            return afterTheEnd();
        }
        count.add(pods);
        boolean suspended = Boolean.TRUE.equals(spec.getSuspend());
        if (startTime == null && !suspended) {
            startTime = JobConditions.time(time.now());
        }
        verdict.decide(startTime);
        List<Pod> active = pods.stream().filter(JobPods::isActive).toList();
        if (conditions.isDecided()) {
            size.deleteAll(active);
            endIfNothingRuns();
        } else if (suspended) {
            size.deleteAll(active);
            if (!conditions.isTrue(SUSPENDED)) {
                conditions.set(SUSPENDED, true, "JobSuspended", "Job suspended");
            }
            startTime = null;
        } else {
            if (conditions.isTrue(SUSPENDED)) {
                conditions.set(SUSPENDED, false, "JobResumed", "Job resumed");
            }
            size.adjust(active);
        }
        return result();
    }

    /** What is left of a Job that is over: pods that are still kept for it, and its own time to live. */
    private JobPlan afterTheEnd() {
        List<Pod> kept = pods.stream().filter(JobPods::isTracked).toList();
        Integer life = spec.getTtlSecondsAfterFinished();
        boolean expired = life != null && time.hasCome(ended().plusSeconds(life));
        return new JobPlan(before, kept, List.of(), List.of(), time.wake(), expired);
    }

    private Instant ended() {
        return conditions.list().stream()
                .filter(condition -> condition.getType().equals(COMPLETE)
                        || condition.getType().equals(FAILED))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .max(Instant::compareTo)
                .orElse(time.now());
    }

    /** The final condition comes when no pod runs any more and all ends are counted. */
    private void endIfNothingRuns() {
        if (!pods.stream().allMatch(JobPods::isOver) || !count.isSettled()) {
            return;
        }
        boolean succeeded = conditions.isTrue(CRITERIA_MET);
        JobCondition reason =
                conditions.find(succeeded ? CRITERIA_MET : FAILURE_TARGET).orElseThrow();
        conditions.set(succeeded ? COMPLETE : FAILED, true, reason.getReason(), reason.getMessage());
        if (succeeded) {
            completionTime = JobConditions.time(time.now());
        }
    }

    private JobPlan result() {
        List<Pod> running = pods.stream()
                .filter(JobPods::isActive)
                .filter(pod -> !size.delete().contains(pod))
                .toList();
        long ready = conditions.isOver()
                ? 0
                : running.stream().filter(JobPods::isReady).count();
        JobStatusBuilder status = new JobStatusBuilder()
                .withStartTime(startTime)
                .withCompletionTime(completionTime)
                .withActive(PodCount.nullForZero(running.size() + size.create().size()))
                .withReady((int) ready)
                .withTerminating(
                        (int) pods.stream().filter(JobPods::isTerminating).count())
                .withConditions(conditions.list());
        count.writeTo(status);
        return new JobPlan(status.build(), count.release(), size.delete(), size.create(), time.wake(), false);
    }
}
