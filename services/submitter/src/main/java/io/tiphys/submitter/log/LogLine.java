package io.tiphys.submitter.log;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * One line of one pod's log.
 *
 * @param at when the line was written, as the kubelet says; where it says nothing, the time of the line before
 */
record LogLine(String podName, Instant at, String content) {

    /** Reads a line that begins with its time. */
    static LogLine parse(String podName, String line, boolean keepTimestamp, Instant previous) {
        int space = line.indexOf(' ');
        String head = space < 0 ? line : line.substring(0, space);
        try {
            Instant at = Instant.parse(head);
            String rest = space < 0 ? "" : line.substring(space + 1);
            return new LogLine(podName, at, keepTimestamp ? line : rest);
        } catch (DateTimeParseException _) {
            return new LogLine(podName, previous, line);
        }
    }
}
