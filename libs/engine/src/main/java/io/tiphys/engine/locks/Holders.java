package io.tiphys.engine.locks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who holds a lock, in the order in which they got it. Most locks have no more than one, for whom there is no set: there may be a lock for each node. */
final class Holders {
    private @Nullable Entry only;

    /** All of them, once there were two at the same time. */
    private @Nullable Set<Entry> many;

    int size() {
        return many != null ? many.size() : only == null ? 0 : 1;
    }

    void add(Entry entry) {
        if (many != null) {
            many.add(entry);
        } else if (only == null) {
            only = entry;
        } else if (only != entry) {
            Set<Entry> both = new LinkedHashSet<>();
            both.add(only);
            both.add(entry);
            many = both;
            only = null;
        }
    }

    /** Whether it was one of them. */
    boolean remove(Entry entry) {
        if (many != null) {
            return many.remove(entry);
        }
        boolean isIt = Objects.equals(only, entry);
        only = isIt ? null : only;
        return isIt;
    }

    List<String> names() {
        return many != null
                ? many.stream().map(entry -> entry.wish.holder()).toList()
                : only == null ? List.of() : List.of(only.wish.holder());
    }
}
