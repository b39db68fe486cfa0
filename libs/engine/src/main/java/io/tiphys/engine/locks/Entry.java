package io.tiphys.engine.locks;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wish in the table. */
final class Entry {
    /** Priority, then age of the workflow, then arrival; nodes of one workflow stand together. */
    static final Comparator<Entry> ORDER = Comparator.<Entry>comparingInt(entry -> -entry.wish.priority())
            .thenComparing(entry -> entry.wish.createdAt())
            .thenComparing(entry -> entry.wish.workflow())
            .thenComparingLong(entry -> entry.arrival);

    final LockWish wish;
    final List<Lock> locks;
    final long arrival;
    boolean granted;

    /** The last answer but a grant; null for none. */
    @Nullable
    String told;

    Entry(LockWish wish, List<Lock> locks, long arrival) {
        this.wish = wish;
        this.locks = locks;
        this.arrival = arrival;
    }

    boolean isGrantable() {
        for (Lock lock : locks) {
            if (!lock.hasRoom() || !lock.isTurnOf(this)) {
                return false;
            }
        }
        return true;
    }
}
