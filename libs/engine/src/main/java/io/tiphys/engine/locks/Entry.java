package io.tiphys.engine.locks;

import org.jspecify.annotations.Nullable;

/** A wish in the table. */
final class Entry {
    final LockWish wish;
    final Crowd crowd;
    final long arrival;
    boolean granted;

    /** The last answer but a grant; null for none. */
    @Nullable
    String told;

    Entry(LockWish wish, Crowd crowd, long arrival) {
        this.wish = wish;
        this.crowd = crowd;
        this.arrival = arrival;
    }
}
