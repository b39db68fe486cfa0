package io.tiphys.artifacts.plugin;

import java.time.Duration;

/**
 * How long a driver may take.
 *
 * @param connect for a location that says nothing itself
 * @param answer to a question that moves no content
 * @param silence within a stream of content
 * @param bytesPerSecond that it moves at least when it reads or writes a file, after the time for an answer
 */
record Patience(Duration connect, Duration answer, Duration silence, long bytesPerSecond) {
    static final Patience USUAL =
            new Patience(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofMinutes(2), 1 << 20);

    /** More than that counts as that, whatever a manifest says. */
    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(2);

    /** A file of unknown size may be as large as one object can be, but nothing takes longer than that. */
    private static final Duration LONGEST_FILE = Duration.ofHours(6);

    /** For connecting, as a location says it. */
    Duration connect(int seconds) {
        Duration told = seconds > 0 ? Duration.ofSeconds(seconds) : connect;
        return told.compareTo(LONGEST_CONNECT) > 0 ? LONGEST_CONNECT : told;
    }

    Patience withConnect(Duration other) {
        return new Patience(other, answer, silence, bytesPerSecond);
    }

    /** For a file of that size; -1 if that isn't known. */
    Duration file(long sizeBytes) {
        Duration moving = sizeBytes < 0 ? LONGEST_FILE : answer.plusSeconds(sizeBytes / bytesPerSecond);
        return moving.compareTo(LONGEST_FILE) > 0 ? LONGEST_FILE : moving;
    }
}
