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
 * namespace the workflow with the higher priority, then who came first. Of every {@value #SHARE} turns
 * one is for what is least urgent and one for what begins, so that they aren't put off for ever. Not safe for several threads.
 *
 * @param <T> who waits
 */
final class WaitingLine<T> {
    static final int SHARE = 16;
    /** What waits holds a virtual thread and the request, some KiB together. */
    static final int MOST_PUT_OFF = 8_192;

    private static final List<Urgency> MOST_URGENT_FIRST = List.of(Urgency.values());
    private static final List<Urgency> LEAST_URGENT_FIRST = MOST_URGENT_FIRST.reversed();
    private static final List<Urgency> BEGINNINGS_FIRST =
            List.of(Urgency.STARTING, Urgency.SHOWING, Urgency.WORK, Urgency.TIDYING);

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
        int size;

        void add(String namespace, Place<T> place) {
            size++;
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
            size--;
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
     * @param mayTidy whether what nobody waits for may go at all
     * @param isIdle whether nothing else is under way that tidying would share the server with
     */
    @Nullable
    T next(boolean mayTidy, boolean isIdle) {
        boolean isTurnOfTheLeast = turn == SHARE - 1;
        boolean tidies = mayTidy && (isIdle || isTurnOfTheLeast || lanes(Urgency.TIDYING).size > MOST_PUT_OFF);
        for (Urgency urgency : order()) {
            T next = tidies || urgency != Urgency.TIDYING ? lanes(urgency).next() : null;
            if (next != null) {
                turn = (turn + 1) % SHARE;
                size--;
                return next;
            }
        }
        return null;
    }

    private List<Urgency> order() {
        return switch (turn) {
            case SHARE - 1 -> LEAST_URGENT_FIRST;
            case SHARE / 2 - 1 -> BEGINNINGS_FIRST;
            default -> MOST_URGENT_FIRST;
        };
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
