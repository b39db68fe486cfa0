package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.SuccessPolicyRule;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether a Job has failed or succeeded, by the first of its limits and policies that says so; what was decided once stays. */
final class JobVerdict {
    private final JobSpec spec;
    private final JobShape shape;
    private final List<Pod> pods;
    private final PodCount count;
    private final JobConditions conditions;
    private final PlanTime time;

    JobVerdict(JobSpec spec, JobShape shape, List<Pod> pods, PodCount count, JobConditions conditions, PlanTime time) {
        this.spec = spec;
        this.shape = shape;
        this.pods = pods;
        this.count = count;
        this.conditions = conditions;
        this.time = time;
    }

    /**
     * Leaves what is decided among the conditions.
     *
     * @param startTime of the Job; null while it is suspended
     */
    void decide(@Nullable String startTime) {
        if (conditions.isDecided()) {
            return;
        }
        Integer completions = shape.completions();
        String failJobMessage = count.failJobMessage();
        if (failJobMessage != null) {
            fail("PodFailurePolicy", failJobMessage);
        } else if (count.failed() > shape.backoffLimit() || restartsExceed(shape.backoffLimit())) {
            fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        } else if (isTooLate(startTime)) {
            fail("DeadlineExceeded", "Job was active longer than specified deadline");
        } else if (spec.getMaxFailedIndexes() != null && count.failedIndexes().size() > spec.getMaxFailedIndexes()) {
            fail("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
        } else if (matchedRule() >= 0) {
            succeed("SuccessPolicy", "Matched rules at index " + matchedRule());
        } else if (completions == null) {
            if (count.succeeded() > 0 && pods.stream().noneMatch(JobPods::isActive)) {
                reached();
            }
        } else if (shape.indexed()
                && count.completedIndexes().size() + count.failedIndexes().size() >= completions
                && !count.failedIndexes().isEmpty()) {
            fail("FailedIndexes", "Job has failed indexes");
        } else if (count.succeeded() >= completions) {
            reached();
        }
    }

    private void reached() {
        succeed("CompletionsReached", "Reached expected number of succeeded pods");
    }

    private void succeed(String reason, String message) {
        conditions.set(JobConditions.CRITERIA_MET, true, reason, message);
    }

    private void fail(String reason, String message) {
        conditions.set(JobConditions.FAILURE_TARGET, true, reason, message);
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

    private boolean isTooLate(@Nullable String startTime) {
        Long seconds = spec.getActiveDeadlineSeconds();
        if (seconds == null || startTime == null || Boolean.TRUE.equals(spec.getSuspend())) {
            return false;
        }
        return time.hasCome(Instant.parse(startTime).plusSeconds(seconds));
    }

    /** The first rule of {@code successPolicy} that holds; -1 for none. */
    private int matchedRule() {
        if (!shape.indexed() || spec.getSuccessPolicy() == null) {
            return -1;
        }
        List<SuccessPolicyRule> rules = spec.getSuccessPolicy().getRules();
        for (int i = 0; i < rules.size(); i++) {
            String asked = rules.get(i).getSucceededIndexes();
            NavigableSet<Integer> among = new TreeSet<>(count.completedIndexes());
            NavigableSet<Integer> wanted = asked == null ? null : Indexes.parse(asked);
            if (wanted != null) {
                among.retainAll(wanted);
            }
            Integer enough = rules.get(i).getSucceededCount();
            if (enough == null ? wanted != null && among.size() == wanted.size() : among.size() >= enough) {
                return i;
            }
        }
        return -1;
    }
}
