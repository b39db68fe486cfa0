package io.tiphys.engine.locks;

import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Wishes in the order of their coming, linked through themselves: in a set of a hundred thousand each of them would lie somewhere else in
 * memory, and be looked for there whenever it comes and goes.
 */
final class Row {
    private @Nullable Place first;
    private @Nullable Place last;

    /** Where a wish stands in a row, or may; it is in one at most. */
    static final class Place {
        private final Entry entry;
        private @Nullable Row row;
        private @Nullable Place before;
        private @Nullable Place after;

        Place(Entry entry) {
            this.entry = entry;
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Who came first; there must be somebody. */
    Entry first() {
        if (first == null) {
            throw new NoSuchElementException("nobody is in the row");
        }
        return first.entry;
    }

    boolean has(Place place) {
        return place.row == this;
    }

    /** Puts it at the end, unless it is in the row. */
    void add(Place place) {
        if (has(place)) {
            return;
        }
        place.row = this;
        place.before = last;
        if (last == null) {
            first = place;
        } else {
            last.after = place;
        }
        last = place;
    }

    /** Takes it out, if it is in the row. */
    void remove(Place place) {
        if (!has(place)) {
            return;
        }
        if (place.before == null) {
            first = place.after;
        } else {
            place.before.after = place.after;
        }
        if (place.after == null) {
            last = place.before;
        } else {
            place.after.before = place.before;
        }
        place.row = null;
        place.before = null;
        place.after = null;
    }

    /** Nobody must come or go meanwhile. */
    void forEach(Consumer<Entry> action) {
        for (Place place = first; place != null; place = place.after) {
            action.accept(place.entry);
        }
    }
}
