package io.tiphys.validation;

import io.tiphys.api.CronWorkflowSpec;
import io.tiphys.api.JsonPaths;
import io.tiphys.expression.CronSchedule;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/** When a cron workflow starts. */
final class CronRules {
    private static final Set<String> POLICIES = Set.of("", "Allow", "Forbid", "Replace");

    private CronRules() {}

    static void check(CronWorkflowSpec spec, Findings findings) {
        List<String> schedules = spec.schedules();
        if (schedules.isEmpty()) {
            findings.problem("spec.schedules", "must have at least one schedule, such as \"*/5 * * * *\"");
        }
        for (int i = 0; i < schedules.size(); i++) {
            try {
                var _ = CronSchedule.parse(schedules.get(i), null);
            } catch (IllegalArgumentException e) {
                findings.problem(
                        JsonPaths.item("spec.schedules", i),
                        "\"" + schedules.get(i) + "\" is no schedule: " + e.getMessage());
            }
        }
        String timezone = Call.text(spec.timezone());
        if (!timezone.isEmpty() && !isTimezone(timezone)) {
            findings.problem("spec.timezone", "\"" + timezone + "\" is unknown; use a name such as Europe/Berlin");
        }
        String policy = Call.text(spec.concurrencyPolicy());
        if (!POLICIES.contains(policy)) {
            findings.problem(
                    "spec.concurrencyPolicy", "\"" + policy + "\" is unknown" + Suggestions.known(policy, POLICIES));
        }
        if (spec.startingDeadlineSeconds() != null && spec.startingDeadlineSeconds() < 0) {
            findings.problem("spec.startingDeadlineSeconds", "must not be negative");
        }
    }

    private static boolean isTimezone(String name) {
        return name.equals("UTC")
                || name.equals("Local")
                || ZoneId.getAvailableZoneIds().contains(name);
    }
}
