package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPodsBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many pods of a Job have ended, and how. Each end counts once: a pod that ended is first noted by its uid among the uncounted, then it
 * loses the finalizer that keeps it, and once it has lost it the counter takes the place of the note. Of Jobs with indexes the indexes
 * themselves are the notes of success.
 */
final class PodCount {
    private final Job job;
    private final JobShape shape;
    private final List<Pod> release = new ArrayList<>();
    private final Set<String> notedSucceeded;
    private final Set<String> notedFailed;
    private final NavigableSet<Integer> completedIndexes;
    private final NavigableSet<Integer> failedIndexes;
    private final Map<Integer, Integer> failuresOfIndex = new HashMap<>();
    private int succeeded;
    private int failed;
    private @Nullable String failJobMessage;

    /** As the status has it. */
    PodCount(Job job, JobShape shape, JobStatus before) {
        this.job = job;
        this.shape = shape;
        UncountedTerminatedPods noted =
                Optional.ofNullable(before.getUncountedTerminatedPods()).orElseGet(UncountedTerminatedPods::new);
        this.notedSucceeded = new HashSet<>(noted.getSucceeded());
        this.notedFailed = new HashSet<>(noted.getFailed());
        this.completedIndexes = Indexes.parse(before.getCompletedIndexes());
        this.failedIndexes = Indexes.parse(before.getFailedIndexes());
        this.succeeded = zeroForNull(before.getSucceeded());
        this.failed = zeroForNull(before.getFailed());
    }

    /** Takes down which pods have ended since. */
    void add(List<Pod> pods) {
        Set<String> kept = new HashSet<>();
        for (Pod pod : pods) {
            String uid = pod.getMetadata().getUid();
            boolean tracked = JobPods.isTracked(pod);
            if (tracked) {
                kept.add(uid);
            }
            if (JobPods.isSucceeded(pod)) {
                succeeded(pod, uid, tracked);
            } else if (JobPods.isFailed(pod, shape.replacesOnlyFailed())) {
                failed(pod, uid, tracked);
            }
        }
        succeeded += countReleased(notedSucceeded, kept);
        failed += countReleased(notedFailed, kept);
        if (shape.indexed()) {
            succeeded = completedIndexes.size();
        }
    }

    private void succeeded(Pod pod, String uid, boolean tracked) {
        if (!tracked) {
            return;
        }
        release.add(pod);
        if (!shape.indexed()) {
            notedSucceeded.add(uid);
        } else if (shape.isIndex(JobPods.index(pod))) {
            completedIndexes.add(JobPods.index(pod));
        }
    }

    private void failed(Pod pod, String uid, boolean tracked) {
        FailurePolicy.Judgement judgement = FailurePolicy.of(job, pod);
        if (judgement.action() == FailurePolicy.Action.FAIL_JOB && failJobMessage == null) {
            failJobMessage = judgement.message();
        }
        boolean counts = judgement.action() != FailurePolicy.Action.IGNORE;
        int index = JobPods.index(pod);
        if (shape.indexed() && shape.isIndex(index)) {
            int times = JobPods.failuresBefore(pod) + (counts ? 1 : 0);
            failuresOfIndex.merge(index, times, Math::max);
            Integer limit = shape.backoffLimitPerIndex();
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

    /** Those whose end the status will hold, so that they need not be kept for it. */
    List<Pod> release() {
        return release;
    }

    int succeeded() {
        return shape.indexed() ? completedIndexes.size() : succeeded + notedSucceeded.size();
    }

    int failed() {
        return failed + notedFailed.size();
    }

    NavigableSet<Integer> completedIndexes() {
        return completedIndexes;
    }

    NavigableSet<Integer> failedIndexes() {
        return failedIndexes;
    }

    /** How often an index that still runs or waits has failed. */
    int failuresOf(int index) {
        return failuresOfIndex.getOrDefault(index, 0);
    }

    /** What {@code podFailurePolicy} says of the pod for which it ends the whole Job; null for none. */
    @Nullable
    String failJobMessage() {
        return failJobMessage;
    }

    /** No end waits any more to be counted. */
    boolean isSettled() {
        return notedSucceeded.isEmpty() && notedFailed.isEmpty() && release.isEmpty();
    }

    void writeTo(JobStatusBuilder status) {
        status.withSucceeded(nullForZero(succeeded))
                .withFailed(nullForZero(failed))
                .withCompletedIndexes(
                        shape.indexed() && !completedIndexes.isEmpty() ? Indexes.format(completedIndexes) : null)
                .withFailedIndexes(shape.backoffLimitPerIndex() == null ? null : Indexes.format(failedIndexes))
                .withUncountedTerminatedPods(new UncountedTerminatedPodsBuilder()
                        .withSucceeded(notedSucceeded.stream().sorted().toList())
                        .withFailed(notedFailed.stream().sorted().toList())
                        .build());
    }

    private static int zeroForNull(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    /** As Kubernetes writes counters. */
    static @Nullable Integer nullForZero(int count) {
        return count == 0 ? null : count;
    }
}
