package io.tiphys.engine.locks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who holds a lock, in the order in which they got it. Most locks have no more than one, for whom there is no map: there may be a lock for each node. */
final class Holders {
    private @Nullable Entry only;

    /** All of them by the key of their wish, whose hash it keeps, once there were two at the same time. */
    private @Nullable Map<String, Entry> many;

    int size() {
        return many != null ? many.size() : only == null ? 0 : 1;
    }

    void add(Entry entry) {
        if (many != null) {
            many.put(entry.wish.key(), entry);
        } else if (only == null) {
            only = entry;
        } else if (only != entry) {
            Map<String, Entry> both = new LinkedHashMap<>();
            both.put(only.wish.key(), only);
            both.put(entry.wish.key(), entry);
            many = both;
            only = null;
        }
    }

    /** Whether it was one of them. */
    boolean remove(Entry entry) {
        if (many != null) {
            return many.remove(entry.wish.key()) != null;
        }
        boolean isIt = Objects.equals(only, entry);
        only = isIt ? null : only;
        return isIt;
    }

    List<String> names() {
        return many != null
                ? many.values().stream().map(entry -> entry.wish.holder()).toList()
                : only == null ? List.of() : List.of(only.wish.holder());
    }
}
