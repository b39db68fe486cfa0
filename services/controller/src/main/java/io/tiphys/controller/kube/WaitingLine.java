package io.tiphys.controller.kube;

import io.tiphys.controller.kube.Demand.Urgency;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a turn, and whose it is next: the more urgent first; of the same urgency the namespaces in turn; of the same
 * namespace the workflow with the higher priority, then who came first. One of every {@value #TIDYING_SHARE} turns is for what
 * is less urgent, so that it isn't put off for ever. Not safe for several threads.
 *
 * @param <T> who waits
 */
final class WaitingLine<T> {
    static final int TIDYING_SHARE = 16;
    private static final List<Urgency> MOST_URGENT_FIRST = List.of(Urgency.values());
    private static final List<Urgency> LEAST_URGENT_FIRST = MOST_URGENT_FIRST.reversed();

    private record Place<T>(T who, int priority, long order) implements Comparable<Place<T>> {
        @Override
        public int compareTo(Place<T> other) {
            int byPriority = Integer.compare(other.priority, priority);
            return byPriority != 0 ? byPriority : Long.compare(order, other.order);
        }
    }

    /** The namespaces of one urgency. */
    private static final class Lanes<T> {
        final Map<String, PriorityQueue<Place<T>>> byNamespace = new HashMap<>();
        final Deque<String> turns = new ArrayDeque<>();

        void add(String namespace, Place<T> place) {
            byNamespace
                    .computeIfAbsent(namespace, name -> {
                        turns.add(name);
                        return new PriorityQueue<>();
                    })
                    .add(place);
        }

        @Nullable
        T next() {
            String namespace = turns.poll();
            PriorityQueue<Place<T>> lane = namespace == null ? null : byNamespace.get(namespace);
            Place<T> place = lane == null ? null : lane.poll();
            if (namespace == null || lane == null || place == null) {
                return null;
            }
            if (lane.isEmpty()) {
                byNamespace.remove(namespace);
            } else {
                turns.add(namespace);
            }
            return place.who();
        }
    }

    private final Map<Urgency, Lanes<T>> lanes = new EnumMap<>(Urgency.class);
    private long order;
    private int size;
    private int turn;

    WaitingLine() {
        for (Urgency urgency : Urgency.values()) {
            lanes.put(urgency, new Lanes<>());
        }
    }

    void add(T who, Demand demand) {
        lanes(demand.urgency()).add(demand.namespace(), new Place<>(who, demand.priority(), order++));
        size++;
    }

    /**
     * Takes out who is next; null if nobody waits who may go.
     *
     * @param mayTidy whether what nobody waits for may go, too
     */
    @Nullable
    T next(boolean mayTidy) {
        turn = (turn + 1) % TIDYING_SHARE;
        List<Urgency> order = turn == 0 ? LEAST_URGENT_FIRST : MOST_URGENT_FIRST;
        T next = null;
        for (Urgency urgency : order) {
            next = mayTidy || urgency != Urgency.TIDYING ? lanes(urgency).next() : null;
            if (next != null) {
                break;
            }
        }
        if (next != null) {
            size--;
        }
        return next;
    }

    int size() {
        return size;
    }

    private Lanes<T> lanes(Urgency urgency) {
        Lanes<T> found = lanes.get(urgency);
        if (found == null) {
            throw new IllegalStateException("no lanes for " + urgency);
        }
        return found;
    }
}
