package io.tiphys.controller.cron;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.tiphys.controller.lifecycle.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code spec.schedules}: five fields, a descriptor ({@code @hourly}, {@code @every 90s}), either with
 * {@code CRON_TZ=<zone>} before it.
 */
sealed interface Schedule {

    /** The latest time in {@code (after, until]} at which it is due; empty if there is none. */
    Optional<Instant> lastDue(Instant after, Instant until);

    /**
     * Reads a schedule.
     *
     * @param timezone IANA name, or null for UTC
     * @throws IllegalArgumentException with what is wrong
     */
    static Schedule parse(String text, @Nullable String timezone) {
        String expression = text.strip();
        ZoneId zone = zone(timezone == null || timezone.isBlank() ? "UTC" : timezone);
        if (expression.startsWith("CRON_TZ=") || expression.startsWith("TZ=")) {
            int space = expression.indexOf(' ');
            if (space < 0) {
                throw new IllegalArgumentException("schedule \"" + text + "\" has a time zone and nothing else");
            }
            zone = zone(expression.substring(expression.indexOf('=') + 1, space));
            expression = expression.substring(space + 1).strip();
        }
        if (expression.startsWith("@every ")) {
            Duration period = Durations.parse(expression.substring("@every ".length()))
                    .filter(duration -> duration.compareTo(Duration.ofSeconds(1)) >= 0)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "schedule \"" + text + "\" needs a duration of at least 1s, such as @every 90s"));
            return new Every(period);
        }
        return new Fields(
                ExecutionTime.forCron(Fields.PARSER.parse(Fields.DESCRIPTORS.getOrDefault(expression, expression))),
                zone);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "time zone \"" + name + "\" is unknown; use a name such as Europe/Athens", e);
        }
    }

    /** Every so often, counted from the time that was looked at last. */
    record Every(Duration period) implements Schedule {
        @Override
        public Optional<Instant> lastDue(Instant after, Instant until) {
            long periods = Duration.between(after, until).dividedBy(period);
            return periods < 1 ? Optional.empty() : Optional.of(after.plus(period.multipliedBy(periods)));
        }
    }

    /** At the times that five fields describe. */
    record Fields(ExecutionTime times, ZoneId zone) implements Schedule {
        static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        static final Map<String, String> DESCRIPTORS = Map.of(
                "@yearly", "0 0 1 1 *",
                "@annually", "0 0 1 1 *",
                "@monthly", "0 0 1 * *",
                "@weekly", "0 0 * * 0",
                "@daily", "0 0 * * *",
                "@midnight", "0 0 * * *",
                "@hourly", "0 * * * *");

        @Override
        public Optional<Instant> lastDue(Instant after, Instant until) {
            ZonedDateTime justAfter = until.plusNanos(1).atZone(ZoneOffset.UTC).withZoneSameInstant(zone);
            return times.lastExecution(justAfter).map(ZonedDateTime::toInstant).filter(due -> due.isAfter(after));
        }
    }
}
