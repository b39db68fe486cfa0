package io.tiphys.controller.ownership;

import java.util.OptionalLong;
import java.util.TreeSet;

/** Which records of a partition are under way, and so up to where its offset may be committed. Safe for many threads. */
final class ProcessedOffsets {
    private final TreeSet<Long> underWay = new TreeSet<>();
    private long next = -1;
    private long committed = -1;

    synchronized void begin(long offset) {
        underWay.add(offset);
        next = Math.max(next, offset + 1);
    }

    synchronized void done(long offset) {
        underWay.remove(offset);
    }

    /** The offset to commit, if it has moved since the last call. */
    synchronized OptionalLong toCommit() {
        long offset = underWay.isEmpty() ? next : underWay.first();
        if (offset < 0 || offset == committed) {
            return OptionalLong.empty();
        }
        committed = offset;
        return OptionalLong.of(offset);
    }

    /** What {@link #toCommit} gave last was not committed. */
    synchronized void notCommitted() {
        committed = -1;
    }
}
