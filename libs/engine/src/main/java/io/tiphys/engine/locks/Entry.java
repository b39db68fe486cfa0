package io.tiphys.engine.locks;

import org.jspecify.annotations.Nullable;

/** A wish in the table. */
final class Entry {
    final LockWish wish;
    final Crowd crowd;
    final long arrival;

    /** In its crowd, until it is granted. */
    final Row.Place waiting = new Row.Place(this);

    /** Among those whose answer isn't given yet. */
    final Row.Place untold = new Row.Place(this);

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
