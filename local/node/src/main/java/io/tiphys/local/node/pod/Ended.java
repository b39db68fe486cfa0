package io.tiphys.local.node.pod;

import java.time.Instant;

/** How one start of a container ended, in the words of {@code state.terminated}. */
record Ended(int exitCode, String reason, String message, Instant startedAt, Instant finishedAt, String containerId) {
    static final int START_ERROR = 128;
}
