package io.tiphys.controller.cron;

import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowSpec;
import io.tiphys.api.CronWorkflowStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * When a cron workflow is due. Pure. A run that is more than a few seconds late (no controller was there) is made up for
 * only within {@code startingDeadlineSeconds}; of several missed runs only the last one is (Argo: cron-workflows.md). Whether
 * {@code concurrencyPolicy} lets it start is seen when its children are looked at.
 */
final class CronPlan {
    private static final Duration PUNCTUAL = Duration.ofSeconds(20);

    private CronPlan() {}

    /** What is to be done now. */
    sealed interface Decision {
        record Nothing() implements Decision {}

        /** A workflow is to be started for this time. */
        record Start(Instant scheduled) implements Decision {}

        /** A time has come that no workflow is started for. */
        record Skip(Instant scheduled, String reason) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param considered the latest time that was dealt with by this replica already
     * @throws IllegalArgumentException if a schedule can't be read
     */
    static Decision decide(CronWorkflow cron, Instant considered, Instant now) {
        CronWorkflowSpec spec = cron.getSpec();
        CronWorkflowStatus status = cron.getStatus();
        if (spec.suspend() || "Stopped".equals(status.phase())) {
            return new Decision.Nothing();
        }
        Instant since = since(cron, considered);
        Optional<Instant> due = spec.schedules().stream()
                .map(text -> Schedule.parse(text, spec.timezone()))
                .flatMap(schedule -> schedule.lastDue(since, now).stream())
                .max(Instant::compareTo);
        if (due.isEmpty()) {
            return new Decision.Nothing();
        }
        Instant scheduled = due.get();
        Duration late = Duration.between(scheduled, now);
        Long deadline = spec.startingDeadlineSeconds();
        Duration allowed =
                deadline == null || deadline < PUNCTUAL.toSeconds() ? PUNCTUAL : Duration.ofSeconds(deadline);
        if (late.compareTo(allowed) > 0) {
            return new Decision.Skip(scheduled, "missed by " + late.toSeconds() + " s");
        }
        return new Decision.Start(scheduled);
    }

    private static Instant since(CronWorkflow cron, Instant considered) {
        Instant last = cron.getStatus().lastScheduledTime();
        if (last == null) {
            String created = cron.getMetadata().getCreationTimestamp();
            last = created == null ? considered : OffsetDateTime.parse(created).toInstant();
        }
        return last.isAfter(considered) ? last : considered;
    }
}
