package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.expression.CronSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JSON of a cron workflow, read as far as it is shown. */
record CronView(JsonNode json) {

    List<String> schedules() {
        List<String> schedules = new ArrayList<>();
        json.path("spec").path("schedules").forEach(schedule -> schedules.add(schedule.asText()));
        return schedules;
    }

    String timezone() {
        return json.path("spec").path("timezone").asText("");
    }

    boolean isSuspended() {
        return json.path("spec").path("suspend").asBoolean(false);
    }

    Optional<Instant> lastRun() {
        return Times.parse(json.path("status").path("lastScheduledTime").asText(""));
    }

    /** The next time of any schedule; empty while it is suspended or stopped, and if no schedule can be read. */
    Optional<Instant> nextRun(Instant now) {
        if (isSuspended() || json.path("status").path("phase").asText("").equals("Stopped")) {
            return Optional.empty();
        }
        return times().stream().flatMap(schedule -> schedule.next(now).stream()).min(Instant::compareTo);
    }

    /** The schedules; those that can't be read are left out. */
    List<CronSchedule> times() {
        Instant created = Times.parse(
                        json.path("metadata").path("creationTimestamp").asText(""))
                .orElse(Instant.EPOCH);
        List<CronSchedule> times = new ArrayList<>();
        for (String schedule : schedules()) {
            try {
                times.add(CronSchedule.parse(schedule, timezone(), created));
            } catch (IllegalArgumentException _) {
                // the server says so in its conditions
            }
        }
        return times;
    }
}
