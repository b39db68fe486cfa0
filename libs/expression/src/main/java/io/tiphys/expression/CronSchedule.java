package io.tiphys.expression;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times that one schedule of a CronWorkflow describes: five fields, a shorthand ({@code @daily}) or {@code @every 90s}, either with
 * {@code CRON_TZ=<zone>} before it. Where a time zone skips an hour its times don't exist and where it repeats one they come twice, as
 * under Argo.
 */
public sealed interface CronSchedule permits CronFields, CronSchedule.Every {

    /** The first time after the given one; empty if there is none in five years. */
    Optional<Instant> next(Instant after);

    /** The latest time in {@code (after, until]}; empty if there is none. */
    Optional<Instant> last(Instant after, Instant until);

    /**
     * Reads a schedule.
     *
     * @param timezone IANA name for a schedule that names none itself; null, empty or {@code Local} for UTC
     * @throws IllegalArgumentException with what is wrong
     */
    static CronSchedule parse(String text, @Nullable String timezone) {
        return parse(text, timezone, Instant.EPOCH);
    }

    /**
     * As {@link #parse(String, String)}.
     *
     * @param anchor where the periods of {@code @every} begin
     */
    static CronSchedule parse(String text, @Nullable String timezone, Instant anchor) {
        String rest = text.strip();
        String zone = timezone == null ? "" : timezone;
        if (rest.startsWith("CRON_TZ=") || rest.startsWith("TZ=")) {
            int end = rest.indexOf(' ');
            zone = end < 0 ? "?" : rest.substring(rest.indexOf('=') + 1, end);
            rest = end < 0 ? "" : rest.substring(end).strip();
        }
        ZoneId id = zone(zone);
        if (rest.startsWith("@every ")) {
            Duration period = GoDuration.parse(rest.substring("@every ".length()))
                    .orElseThrow(() -> new IllegalArgumentException("@every needs a duration such as 1h30m"));
            Duration whole = period.truncatedTo(ChronoUnit.SECONDS);
            return new Every(
                    whole.compareTo(Every.SHORTEST) < 0 ? Every.SHORTEST : whole,
                    anchor.truncatedTo(ChronoUnit.SECONDS));
        }
        return CronFields.parse(rest, id);
    }

    private static ZoneId zone(String name) {
        if (name.isBlank() || name.equals("Local")) {
            return ZoneOffset.UTC;
        }
        try {
            if (name.equals("UTC") || ZoneId.getAvailableZoneIds().contains(name)) {
                return ZoneId.of(name);
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("unknown time zone \"" + name + "\"", e);
        }
        throw new IllegalArgumentException("unknown time zone \"" + name + "\"; use a name such as Europe/Athens");
    }

    /** Every so often, counted from the anchor, which is none of the times itself. */
    record Every(Duration period, Instant anchor) implements CronSchedule {
        static final Duration SHORTEST = Duration.ofSeconds(1);

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(time(Math.max(0, periods(after)) + 1));
        }

        @Override
        public Optional<Instant> last(Instant after, Instant until) {
            long periods = periods(until);
            return periods < 1 ? Optional.empty() : Optional.of(time(periods)).filter(time -> time.isAfter(after));
        }

        private long periods(Instant until) {
            return Math.floorDiv(until.getEpochSecond() - anchor.getEpochSecond(), period.toSeconds());
        }

        private Instant time(long periods) {
            return anchor.plusSeconds(Math.multiplyExact(periods, period.toSeconds()));
        }
    }
}
