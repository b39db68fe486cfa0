package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.SuccessPolicyRule;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPodsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@link JobPlan} (Kubernetes: pkg/controller/job). Each end counts once: a pod that ended is first noted by its uid among the
 * uncounted, then it loses the finalizer that keeps it, and once it has lost it the counter takes the place of the note. Of Jobs with
 * indexes the indexes themselves are the notes of success.
 */
final class JobPlanner {
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    private static final String CRITERIA_MET = "SuccessCriteriaMet";
    private static final String FAILURE_TARGET = "FailureTarget";
    private static final String SUSPENDED = "Suspended";
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(6);
    private static final int MOST_AT_ONCE = 500;

    private final Job job;
    private final JobSpec spec;
    private final List<Pod> pods;
    private final Instant now;
    private final Duration firstBackoff;
    private final boolean indexed;
    private final boolean replacesOnlyFailed;
    private final List<JobCondition> conditions;
    private final List<Pod> release = new ArrayList<>();
    private final List<Pod> delete = new ArrayList<>();
    private final List<JobPlan.NewPod> create = new ArrayList<>();
    private final Set<String> notedSucceeded;
    private final Set<String> notedFailed;
    private final NavigableSet<Integer> completedIndexes;
    private final NavigableSet<Integer> failedIndexes;
    private final Map<Integer, Integer> failuresOfIndex = new HashMap<>();
    private int succeeded;
    private int failed;
    private @Nullable String failJobMessage;
    private @Nullable String startTime;
    private @Nullable String completionTime;
    private Instant wake = Instant.MAX;

    JobPlanner(Job job, List<Pod> pods, Instant now, Duration firstBackoff) {
        this.job = job;
        this.spec = job.getSpec();
        this.pods = pods;
        this.now = now;
        this.firstBackoff = firstBackoff;
        JobStatus before = Optional.ofNullable(job.getStatus()).orElseGet(JobStatus::new);
        this.indexed = "Indexed".equals(spec.getCompletionMode());
        this.replacesOnlyFailed = "Failed".equals(spec.getPodReplacementPolicy()) || spec.getPodFailurePolicy() != null;
        this.conditions = new ArrayList<>(before.getConditions());
        UncountedTerminatedPods noted =
                Optional.ofNullable(before.getUncountedTerminatedPods()).orElseGet(UncountedTerminatedPods::new);
        this.notedSucceeded = new HashSet<>(noted.getSucceeded());
        this.notedFailed = new HashSet<>(noted.getFailed());
        this.completedIndexes = Indexes.parse(before.getCompletedIndexes());
        this.failedIndexes = Indexes.parse(before.getFailedIndexes());
        this.succeeded = or(before.getSucceeded(), 0);
        this.failed = or(before.getFailed(), 0);
        this.startTime = before.getStartTime();
        this.completionTime = before.getCompletionTime();
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    JobPlan plan() {
        if (isTrue(COMPLETE) || isTrue(FAILED)) {
            return afterTheEnd();
        }
        count();
        boolean suspended = Boolean.TRUE.equals(spec.getSuspend());
        if (startTime == null && !suspended) {
            startTime = time(now);
        }
        judge();
        List<Pod> active = pods.stream().filter(JobPods::isActive).toList();
        if (isTrue(FAILURE_TARGET) || isTrue(CRITERIA_MET)) {
            delete.addAll(active);
            endIfNothingRuns();
        } else if (suspended) {
            delete.addAll(active);
            if (!isTrue(SUSPENDED)) {
                set(SUSPENDED, true, "JobSuspended", "Job suspended");
            }
            startTime = null;
        } else {
            if (isTrue(SUSPENDED)) {
                set(SUSPENDED, false, "JobResumed", "Job resumed");
            }
            bringToSize(active);
        }
        return result();
    }

    /** What is left of a Job that is over: pods that are still kept for it, and its own time to live. */
    private JobPlan afterTheEnd() {
        pods.stream().filter(JobPods::isTracked).forEach(release::add);
        Integer life = spec.getTtlSecondsAfterFinished();
        boolean expired = false;
        if (life != null) {
            Instant until = conditions.stream()
                    .filter(condition -> condition.getType().equals(COMPLETE)
                            || condition.getType().equals(FAILED))
                    .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                    .max(Instant::compareTo)
                    .orElse(now)
                    .plusSeconds(life);
            expired = !now.isBefore(until);
            wake = expired ? wake : until;
        }
        JobStatus same = Optional.ofNullable(job.getStatus()).orElseGet(JobStatus::new);
        return new JobPlan(same, release, delete, create, wake, expired);
    }

    /** Takes down which pods have ended since. */
    private void count() {
        Set<String> kept = new HashSet<>();
        for (Pod pod : pods) {
            String uid = pod.getMetadata().getUid();
            boolean tracked = JobPods.isTracked(pod);
            if (tracked) {
                kept.add(uid);
            }
            if (JobPods.isSucceeded(pod)) {
                succeeded(pod, uid, tracked);
            } else if (JobPods.isFailed(pod, replacesOnlyFailed)) {
                failed(pod, uid, tracked);
            }
        }
        succeeded += countReleased(notedSucceeded, kept);
        failed += countReleased(notedFailed, kept);
        if (indexed) {
            succeeded = completedIndexes.size();
        }
    }

    private void succeeded(Pod pod, String uid, boolean tracked) {
        if (!tracked) {
            return;
        }
        release.add(pod);
        if (!indexed) {
            notedSucceeded.add(uid);
        } else if (isIndex(JobPods.index(pod))) {
            completedIndexes.add(JobPods.index(pod));
        }
    }

    private boolean isIndex(int index) {
        return index >= 0 && index < or(spec.getCompletions(), 0);
    }

    private void failed(Pod pod, String uid, boolean tracked) {
        FailurePolicy.Judgement judgement = FailurePolicy.of(job, pod);
        if (judgement.action() == FailurePolicy.Action.FAIL_JOB && failJobMessage == null) {
            failJobMessage = judgement.message();
        }
        boolean counts = judgement.action() != FailurePolicy.Action.IGNORE;
        int index = JobPods.index(pod);
        if (indexed && isIndex(index)) {
            int times = JobPods.failuresBefore(pod) + (counts ? 1 : 0);
            failuresOfIndex.merge(index, times, Math::max);
            Integer limit = spec.getBackoffLimitPerIndex();
            boolean isLost = judgement.action() == FailurePolicy.Action.FAIL_INDEX || (limit != null && times > limit);
            if (limit != null && isLost && !completedIndexes.contains(index)) {
                failedIndexes.add(index);
            }
        }
        if (tracked) {
            release.add(pod);
            if (counts) {
                notedFailed.add(uid);
            }
        }
    }

    private static int countReleased(Set<String> noted, Set<String> kept) {
        int before = noted.size();
        noted.retainAll(kept);
        return before - noted.size();
    }

    private int allSucceeded() {
        return indexed ? completedIndexes.size() : succeeded + notedSucceeded.size();
    }

    private int allFailed() {
        return failed + notedFailed.size();
    }

    /** Decides whether it is over; what was decided once stays. */
    private void judge() {
        if (isTrue(FAILURE_TARGET) || isTrue(CRITERIA_MET)) {
            return;
        }
        Integer completions = spec.getCompletions();
        int backoffLimit = or(spec.getBackoffLimit(), spec.getBackoffLimitPerIndex() == null ? 6 : Integer.MAX_VALUE);
        if (failJobMessage != null) {
            target("PodFailurePolicy", failJobMessage);
        } else if (allFailed() > backoffLimit || restartsExceed(backoffLimit)) {
            target("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        } else if (isTooLate()) {
            target("DeadlineExceeded", "Job was active longer than specified deadline");
        } else if (spec.getMaxFailedIndexes() != null && failedIndexes.size() > spec.getMaxFailedIndexes()) {
            target("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
        } else if (isSuccessByPolicy()) {
            set(CRITERIA_MET, true, "SuccessPolicy", "Matched rules at index " + matchedRule());
        } else if (completions == null) {
            if (allSucceeded() > 0 && pods.stream().noneMatch(JobPods::isActive)) {
                reached();
            }
        } else if (indexed
                && completedIndexes.size() + failedIndexes.size() >= completions
                && !failedIndexes.isEmpty()) {
            target("FailedIndexes", "Job has failed indexes");
        } else if (allSucceeded() >= completions) {
            reached();
        }
    }

    private void reached() {
        set(CRITERIA_MET, true, "CompletionsReached", "Reached expected number of succeeded pods");
    }

    private void target(String reason, String message) {
        set(FAILURE_TARGET, true, reason, message);
    }

    /** Containers that are started again in their pods fail as well. */
    private boolean restartsExceed(int limit) {
        if (!"OnFailure".equals(spec.getTemplate().getSpec().getRestartPolicy())) {
            return false;
        }
        int restarts = pods.stream()
                .filter(pod -> !JobPods.isOver(pod))
                .mapToInt(JobPods::restarts)
                .sum();
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private boolean isTooLate() {
        Long seconds = spec.getActiveDeadlineSeconds();
        if (seconds == null || startTime == null || Boolean.TRUE.equals(spec.getSuspend())) {
            return false;
        }
        Instant end = Instant.parse(startTime).plusSeconds(seconds);
        if (now.isBefore(end)) {
            wakeAt(end);
            return false;
        }
        return true;
    }

    private boolean isSuccessByPolicy() {
        return matchedRule() >= 0;
    }

    private int matchedRule() {
        if (!indexed || spec.getSuccessPolicy() == null) {
            return -1;
        }
        List<SuccessPolicyRule> rules = spec.getSuccessPolicy().getRules();
        for (int i = 0; i < rules.size(); i++) {
            String asked = rules.get(i).getSucceededIndexes();
            NavigableSet<Integer> among = new TreeSet<>(completedIndexes);
            NavigableSet<Integer> wanted = asked == null ? null : Indexes.parse(asked);
            if (wanted != null) {
                among.retainAll(wanted);
            }
            Integer count = rules.get(i).getSucceededCount();
            if (count == null ? wanted != null && among.size() == wanted.size() : among.size() >= count) {
                return i;
            }
        }
        return -1;
    }

    /** The final condition comes when no pod runs any more and all ends are counted. */
    private void endIfNothingRuns() {
        boolean isStill = pods.stream().allMatch(JobPods::isOver);
        if (!isStill || !notedSucceeded.isEmpty() || !notedFailed.isEmpty() || !release.isEmpty()) {
            return;
        }
        String why = isTrue(CRITERIA_MET) ? CRITERIA_MET : FAILURE_TARGET;
        JobCondition reason = condition(why).orElseThrow();
        set(why.equals(CRITERIA_MET) ? COMPLETE : FAILED, true, reason.getReason(), reason.getMessage());
        if (why.equals(CRITERIA_MET)) {
            completionTime = time(now);
        }
    }

    /** As many pods as are wanted: some go, or some come. */
    private void bringToSize(List<Pod> active) {
        List<Pod> wanted = indexed ? withoutDoubles(active) : active;
        int parallelism = or(spec.getParallelism(), 1);
        Integer completions = spec.getCompletions();
        int goal = completions == null
                ? (allSucceeded() > 0 ? Math.min(wanted.size(), parallelism) : parallelism)
                : Math.min(parallelism, completions - allSucceeded() - failedIndexes.size());
        int surplus = wanted.size() - Math.max(0, goal);
        if (surplus > 0) {
            wanted.stream()
                    .sorted(Comparator.comparing(JobPods::isReady))
                    .limit(surplus)
                    .forEach(delete::add);
            return;
        }
        long leaving = replacesOnlyFailed
                ? pods.stream().filter(JobPods::isTerminating).count()
                : 0;
        int missing = (int) Math.min(MOST_AT_ONCE, -surplus - leaving);
        if (missing > 0 && mayStart()) {
            create(missing, wanted);
        }
    }

    private List<Pod> withoutDoubles(List<Pod> active) {
        Set<Integer> seen = new HashSet<>();
        List<Pod> first = new ArrayList<>();
        for (Pod pod : active) {
            int index = JobPods.index(pod);
            if (isIndex(index) && !completedIndexes.contains(index) && seen.add(index)) {
                first.add(pod);
            } else {
                delete.add(pod);
            }
        }
        return first;
    }

    /** After failures the next pod waits, from the last of them. */
    private boolean mayStart() {
        Optional<Instant> lastSuccess = pods.stream()
                .filter(JobPods::isSucceeded)
                .flatMap(pod -> JobPods.ended(pod).stream())
                .max(Instant::compareTo);
        List<Instant> since = pods.stream()
                .filter(pod -> JobPods.isFailed(pod, true))
                .flatMap(pod -> JobPods.ended(pod).stream())
                .filter(end -> lastSuccess.isEmpty() || end.isAfter(lastSuccess.get()))
                .toList();
        if (since.isEmpty() || spec.getBackoffLimitPerIndex() != null) {
            return true;
        }
        return isOver(since.stream().max(Instant::compareTo).orElseThrow(), since.size());
    }

    /** Whether the pause is over that so many failures make, the last of them then. */
    private boolean isOver(Instant last, int failures) {
        Duration wait = firstBackoff.multipliedBy(1L << Math.min(failures - 1, 20));
        Instant until = last.plus(wait.compareTo(LONGEST_BACKOFF) < 0 ? wait : LONGEST_BACKOFF);
        if (now.isBefore(until)) {
            wakeAt(until);
            return false;
        }
        return true;
    }

    private boolean mayStart(int index) {
        int failures = failuresOfIndex.getOrDefault(index, 0);
        if (spec.getBackoffLimitPerIndex() == null || failures == 0) {
            return true;
        }
        return pods.stream()
                .filter(pod -> JobPods.index(pod) == index && JobPods.isFailed(pod, true))
                .flatMap(pod -> JobPods.ended(pod).stream())
                .max(Instant::compareTo)
                .map(last -> isOver(last, failures))
                .orElse(true);
    }

    private void create(int missing, List<Pod> active) {
        if (!indexed) {
            for (int i = 0; i < missing; i++) {
                create.add(new JobPlan.NewPod(-1, 0));
            }
            return;
        }
        Set<Integer> taken = new HashSet<>(completedIndexes);
        taken.addAll(failedIndexes);
        active.forEach(pod -> taken.add(JobPods.index(pod)));
        if (replacesOnlyFailed) {
            pods.stream().filter(JobPods::isTerminating).forEach(pod -> taken.add(JobPods.index(pod)));
        }
        for (int index = 0; index < or(spec.getCompletions(), 0) && create.size() < missing; index++) {
            if (!taken.contains(index) && mayStart(index)) {
                create.add(new JobPlan.NewPod(index, failuresOfIndex.getOrDefault(index, 0)));
            }
        }
    }

    private void wakeAt(Instant when) {
        wake = when.isBefore(wake) ? when : wake;
    }

    private JobPlan result() {
        boolean ended = isTrue(COMPLETE) || isTrue(FAILED);
        List<Pod> running = pods.stream()
                .filter(JobPods::isActive)
                .filter(pod -> !delete.contains(pod))
                .toList();
        JobStatus status = new JobStatusBuilder()
                .withStartTime(startTime)
                .withCompletionTime(completionTime)
                .withActive(zeroIsNull(running.size() + create.size()))
                .withReady(
                        ended
                                ? 0
                                : (int) running.stream()
                                        .filter(JobPods::isReady)
                                        .count())
                .withTerminating(
                        (int) pods.stream().filter(JobPods::isTerminating).count())
                .withSucceeded(zeroIsNull(succeeded))
                .withFailed(zeroIsNull(failed))
                .withCompletedIndexes(indexed && !completedIndexes.isEmpty() ? Indexes.format(completedIndexes) : null)
                .withFailedIndexes(spec.getBackoffLimitPerIndex() == null ? null : Indexes.format(failedIndexes))
                .withUncountedTerminatedPods(new UncountedTerminatedPodsBuilder()
                        .withSucceeded(notedSucceeded.stream().sorted().toList())
                        .withFailed(notedFailed.stream().sorted().toList())
                        .build())
                .withConditions(conditions)
                .build();
        return new JobPlan(status, release, delete, create, wake, false);
    }

    private static @Nullable Integer zeroIsNull(int count) {
        return count == 0 ? null : count;
    }

    private Optional<JobCondition> condition(String type) {
        return conditions.stream().filter(each -> each.getType().equals(type)).findFirst();
    }

    private boolean isTrue(String type) {
        return condition(type).filter(each -> each.getStatus().equals("True")).isPresent();
    }

    private void set(String type, boolean value, @Nullable String reason, @Nullable String message) {
        conditions.removeIf(each -> each.getType().equals(type));
        conditions.add(new JobConditionBuilder()
                .withType(type)
                .withStatus(value ? "True" : "False")
                .withReason(reason)
                .withMessage(message)
                .withLastProbeTime(time(now))
                .withLastTransitionTime(time(now))
                .build());
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
