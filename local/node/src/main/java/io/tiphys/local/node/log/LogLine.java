package io.tiphys.local.node.log;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a log file.
 *
 * @param time as written, RFC 3339 with nanoseconds
 * @param complete false when the text goes on in the next line of the same stream
 */
record LogLine(String time, String stream, boolean complete, String text) {
    static @Nullable LogLine parse(String line) {
        int first = line.indexOf(' ');
        int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
        int third = second < 0 ? -1 : line.indexOf(' ', second + 1);
        if (third < 0) {
            return null;
        }
        return new LogLine(
                line.substring(0, first),
                line.substring(first + 1, second),
                line.charAt(second + 1) == 'F',
                line.substring(third + 1));
    }

    boolean isBefore(Instant limit) {
        try {
            return Instant.parse(time).isBefore(limit);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
