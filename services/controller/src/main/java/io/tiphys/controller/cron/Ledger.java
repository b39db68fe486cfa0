package io.tiphys.controller.cron;

import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is kept with a cron workflow so that no time starts two workflows, whoever looks at it. The time is claimed in the annotation
 * {@code tiphys.io/claimed-time}, with the resourceVersion that was seen, before the workflow is created; of two replicas that both think
 * the cron theirs one fails to claim. {@code status.lastScheduledTime} follows when the workflow is there.
 *
 * @param claimed the latest time that somebody set out to start a workflow for; null before the first
 * @param scheduled the latest time that a workflow was started for; null before the first
 * @param schedules the schedules that were in use when a time came last, in Argo's form; null before the first
 */
record Ledger(
        @Nullable Instant claimed,
        @Nullable Instant scheduled,
        @Nullable String schedules) {
    static final String CLAIMED = "tiphys.io/claimed-time";
    static final String SCHEDULES = "cronworkflows.argoproj.io/last-used-schedule";

    /** A claim that lies further in the future than this was made by a clock that was wrong; it doesn't hold anything up. */
    private static final Duration CLOCK_TRUST = Duration.ofDays(1);

    static Ledger of(CronWorkflow cron) {
        Map<String, String> annotations =
                Optional.ofNullable(cron.getMetadata().getAnnotations()).orElse(Map.of());
        return new Ledger(
                time(annotations.get(CLAIMED)), cron.getStatus().lastScheduledTime(), annotations.get(SCHEDULES));
    }

    /** The schedules as Argo writes them down, to notice that they were changed. */
    static String schedules(CronWorkflowSpec spec) {
        String timezone = spec.timezone();
        String prefix = timezone == null || timezone.isEmpty() ? "" : "CRON_TZ=" + timezone + " ";
        return spec.schedules().stream().map(schedule -> prefix + schedule).collect(Collectors.joining(","));
    }

    boolean isOfOtherSchedules(CronWorkflowSpec spec) {
        return schedules != null && !schedules.equals(schedules(spec));
    }

    /** Times up to here are settled. */
    Instant settled(Instant now) {
        Instant latest = Instant.EPOCH;
        for (Instant time : new Instant[] {claimed, scheduled}) {
            if (time != null && time.isAfter(latest) && time.isBefore(now.plus(CLOCK_TRUST))) {
                latest = time;
            }
        }
        return latest;
    }

    /** The time that was claimed by somebody who did not get to write down that the workflow is there. */
    Optional<Instant> open() {
        return claimed != null && (scheduled == null || claimed.isAfter(scheduled))
                ? Optional.of(claimed)
                : Optional.empty();
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
