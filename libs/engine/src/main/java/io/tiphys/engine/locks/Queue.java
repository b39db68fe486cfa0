package io.tiphys.engine.locks;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Crowds in {@link Crowd#ORDER}. Most locks have no more than one, for which there is no tree: there may be a lock for each node. */
final class Queue {
    private @Nullable Crowd only;
    /** All of them, once there were two at the same time. */
    private @Nullable TreeSet<Crowd> many;

    boolean isEmpty() {
        return only == null && (many == null || many.isEmpty());
    }

    /** Whose turn it is; there must be somebody. */
    Crowd first() {
        if (many != null) {
            return many.first();
        }
        if (only == null) {
            throw new NoSuchElementException("nobody is in the queue");
        }
        return only;
    }

    void add(Crowd crowd) {
        if (many != null) {
            many.add(crowd);
        } else if (only == null) {
            only = crowd;
        } else if (only != crowd) {
            TreeSet<Crowd> both = new TreeSet<>(Crowd.ORDER);
            both.add(only);
            both.add(crowd);
            many = both;
            only = null;
        }
    }

    void remove(Crowd crowd) {
        if (many != null) {
            many.remove(crowd);
        } else if (Objects.equals(only, crowd)) {
            only = null;
        }
    }

    void forEach(Consumer<Crowd> action) {
        if (many != null) {
            many.forEach(action);
        } else if (only != null) {
            action.accept(only);
        }
    }
}
