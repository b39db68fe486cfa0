package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code status.conditions} of a Job. What it comes to is told twice: {@link #CRITERIA_MET} or {@link #FAILURE_TARGET} when that is clear,
 * {@link #COMPLETE} or {@link #FAILED} when no pod runs any more.
 */
final class JobConditions {
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String CRITERIA_MET = "SuccessCriteriaMet";
    static final String FAILURE_TARGET = "FailureTarget";
    static final String SUSPENDED = "Suspended";

    private final List<JobCondition> conditions;
    private final Instant now;

    JobConditions(JobStatus before, Instant now) {
        this.conditions = new ArrayList<>(before.getConditions());
        this.now = now;
    }

    List<JobCondition> list() {
        return conditions;
    }

    /** No pod runs any more, and none will. */
    boolean isOver() {
        return isTrue(COMPLETE) || isTrue(FAILED);
    }

    /** What it comes to is clear. */
    boolean isDecided() {
        return isTrue(FAILURE_TARGET) || isTrue(CRITERIA_MET);
    }

    Optional<JobCondition> find(String type) {
        return conditions.stream().filter(each -> each.getType().equals(type)).findFirst();
    }

    boolean isTrue(String type) {
        return find(type).filter(each -> each.getStatus().equals("True")).isPresent();
    }

    void set(String type, boolean value, @Nullable String reason, @Nullable String message) {
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

    /** As Kubernetes writes it. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
