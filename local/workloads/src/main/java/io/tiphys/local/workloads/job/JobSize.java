package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings a Job to as many pods as it wants: some go, or some come, though after failures only when a pause is over that doubles. */
final class JobSize {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(6);
    private static final int MOST_AT_ONCE = 500;

    private final JobShape shape;
    private final List<Pod> pods;
    private final PodCount count;
    private final PlanTime time;
    private final Duration firstBackoff;
    private final List<Pod> delete = new ArrayList<>();
    private final List<JobPlan.NewPod> create = new ArrayList<>();

    JobSize(JobShape shape, List<Pod> pods, PodCount count, PlanTime time, Duration firstBackoff) {
        this.shape = shape;
        this.pods = pods;
        this.count = count;
        this.time = time;
        this.firstBackoff = firstBackoff;
    }

    List<Pod> delete() {
        return delete;
    }

    List<JobPlan.NewPod> create() {
        return create;
    }

    /** None is to run on. */
    void deleteAll(List<Pod> active) {
        delete.addAll(active);
    }

    /** As many as are wanted. */
    void adjust(List<Pod> active) {
        List<Pod> wanted = shape.indexed() ? withoutDoubles(active) : active;
        int surplus = wanted.size() - Math.max(0, goal(wanted.size()));
        if (surplus > 0) {
            wanted.stream()
                    .sorted(Comparator.comparing(JobPods::isReady))
                    .limit(surplus)
                    .forEach(delete::add);
            return;
        }
        long leaving = shape.replacesOnlyFailed()
                ? pods.stream().filter(JobPods::isTerminating).count()
                : 0;
        int missing = (int) Math.min(MOST_AT_ONCE, -surplus - leaving);
        if (missing > 0 && mayStart()) {
            create(missing, wanted);
        }
    }

    private int goal(int running) {
        Integer completions = shape.completions();
        if (completions == null) {
            return count.succeeded() > 0 ? Math.min(running, shape.parallelism()) : shape.parallelism();
        }
        return Math.min(
                shape.parallelism(),
                completions - count.succeeded() - count.failedIndexes().size());
    }

    private List<Pod> withoutDoubles(List<Pod> active) {
        Set<Integer> seen = new HashSet<>();
        List<Pod> first = new ArrayList<>();
        for (Pod pod : active) {
            int index = JobPods.index(pod);
            if (shape.isIndex(index) && !count.completedIndexes().contains(index) && seen.add(index)) {
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
        if (since.isEmpty() || shape.backoffLimitPerIndex() != null) {
            return true;
        }
        return isPauseOver(since.stream().max(Instant::compareTo).orElseThrow(), since.size());
    }

    /** Whether the pause is over that so many failures make, the last of them then. */
    private boolean isPauseOver(Instant last, int failures) {
        Duration wait = firstBackoff.multipliedBy(1L << Math.min(failures - 1, 20));
        return time.hasCome(last.plus(wait.compareTo(LONGEST_BACKOFF) < 0 ? wait : LONGEST_BACKOFF));
    }

    private boolean mayStart(int index) {
        int failures = count.failuresOf(index);
        if (shape.backoffLimitPerIndex() == null || failures == 0) {
            return true;
        }
        return pods.stream()
                .filter(pod -> JobPods.index(pod) == index && JobPods.isFailed(pod, true))
                .flatMap(pod -> JobPods.ended(pod).stream())
                .max(Instant::compareTo)
                .map(last -> isPauseOver(last, failures))
                .orElse(true);
    }

    private void create(int missing, List<Pod> active) {
        if (!shape.indexed()) {
            for (int i = 0; i < missing; i++) {
                create.add(new JobPlan.NewPod(-1, 0));
            }
            return;
        }
        Set<Integer> taken = new HashSet<>(count.completedIndexes());
        taken.addAll(count.failedIndexes());
        active.forEach(pod -> taken.add(JobPods.index(pod)));
        if (shape.replacesOnlyFailed()) {
            pods.stream().filter(JobPods::isTerminating).forEach(pod -> taken.add(JobPods.index(pod)));
        }
        for (int index = 0; index < shape.indexes() && create.size() < missing; index++) {
            if (!taken.contains(index) && mayStart(index)) {
                create.add(new JobPlan.NewPod(index, count.failuresOf(index)));
            }
        }
    }
}
