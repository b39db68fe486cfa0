package io.tiphys.local.node.log;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a log is wanted; parameters as the kubelet's {@code /containerLogs} has them.
 *
 * @param tailLines the last so many lines only, or -1 for all
 * @param since only lines from then on, or null
 * @param limitBytes at most so many bytes, or {@code Long.MAX_VALUE}
 */
record LogQuery(
        boolean follow,
        boolean previous,
        boolean timestamps,
        long tailLines,
        @Nullable Instant since,
        long limitBytes) {
    static LogQuery parse(@Nullable String query, Instant now) {
        Map<String, String> values = new HashMap<>();
        for (String pair : (query == null ? "" : query).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return new LogQuery(
                isTrue(values.get("follow")),
                isTrue(values.get("previous")),
                isTrue(values.get("timestamps")),
                number(values, "tailLines", -1),
                since(values, now),
                number(values, "limitBytes", Long.MAX_VALUE));
    }

    private static boolean isTrue(@Nullable String value) {
        return "true".equalsIgnoreCase(value) || "1".equals(value);
    }

    private static long number(Map<String, String> values, String name, long otherwise) {
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, not \"" + value + "\"", e);
        }
    }

    private static @Nullable Instant since(Map<String, String> values, Instant now) {
        String time = values.get("sinceTime");
        if (time != null && !time.isEmpty()) {
            try {
                return OffsetDateTime.parse(time).toInstant();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("sinceTime must be RFC 3339, not \"" + time + "\"", e);
            }
        }
        long seconds = number(values, "sinceSeconds", -1);
        return seconds < 0 ? null : now.minus(Duration.ofSeconds(seconds));
    }
}
