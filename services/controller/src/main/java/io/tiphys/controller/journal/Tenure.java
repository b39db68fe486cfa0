package io.tiphys.controller.journal;

/**
 * A replica's time as the only writer of a shard, from its claim on. The offset that each of its records gets tells whether it
 * was alone: they follow each other, as nobody else writes to the partition.
 */
final class Tenure {
    private final String writer;
    private long next;

    /** Of the claim at this offset. */
    Tenure(String writer, long claimOffset) {
        this.writer = writer;
        this.next = claimOffset + 1;
    }

    String writer() {
        return writer;
    }

    /** Whether our next record got this offset; false if somebody wrote in between. */
    boolean follows(long offset) {
        boolean isNext = offset == next;
        next = offset + 1;
        return isNext;
    }
}
