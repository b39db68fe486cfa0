package io.tiphys.controller.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Go and Argo write them: {@code 1h30m}, {@code 5s}, {@code 500ms}, or a bare number of seconds. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h|d)");

    private Durations() {}

    /** Empty if there is none or it can't be read. */
    public static Optional<Duration> parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        String trimmed = text.strip();
        if (trimmed.chars().allMatch(Character::isDigit)) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(trimmed)));
        }
        Duration sum = Duration.ZERO;
        int end = 0;
        Matcher matcher = PART.matcher(trimmed);
        while (matcher.find() && matcher.start() == end) {
            double amount = Double.parseDouble(matcher.group(1));
            sum = sum.plusNanos((long) (amount * nanos(matcher.group(2))));
            end = matcher.end();
        }
        return end == trimmed.length() ? Optional.of(sum) : Optional.empty();
    }

    private static double nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> 86400e9;
        };
    }
}
