package io.tiphys.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times as people read them. */
final class Times {
    private Times() {}

    static Optional<Instant> parse(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@code 7s}, {@code 3m 20s}, {@code 2h 5m}, {@code 3d 4h}. */
    static String show(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + rest(seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h" + rest(seconds % 3_600 / 60, "m");
        }
        return seconds / 86_400 + "d" + rest(seconds % 86_400 / 3_600, "h");
    }

    private static String rest(long value, String unit) {
        return value == 0 ? "" : " " + value + unit;
    }

    /** Only the largest unit. */
    static String age(Duration duration) {
        String shown = show(duration);
        int space = shown.indexOf(' ');
        return space < 0 ? shown : shown.substring(0, space);
    }

    /** From start to end, or to now while it runs; "" before it starts. */
    static String span(String startedAt, String finishedAt, Instant now) {
        return parse(startedAt)
                .map(start -> show(Duration.between(start, parse(finishedAt).orElse(now))))
                .orElse("");
    }
}
