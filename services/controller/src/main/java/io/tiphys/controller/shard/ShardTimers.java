package io.tiphys.controller.shard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Timers of a shard, each with a key: starting one again moves it. For the shard's own thread only. */
final class ShardTimers {

    /**
     * What a timer is for.
     *
     * @param uid of the workflow
     * @param purpose what the timer is for
     * @param detail node, pod or engine's key
     */
    record TimerKey(String uid, Purpose purpose, String detail) {}

    enum Purpose {
        ENGINE,
        STATUS,
        AFTERMATH,
        ENSURE_POD,
        TIDY_POD,
        LOOK_UP_CACHE,
        END_POD,
        TIME_TO_LIVE,
        COMMAND_EXPIRY,
        RETRY_PREPARATION,
        ENSURE_BELONGINGS,
        AGENT
    }

    private record Due(Instant at, long order, TimerKey key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Map<TimerKey, Due> current = new HashMap<>();
    private final Map<String, Set<TimerKey>> byWorkflow = new HashMap<>();
    private long order;

    void start(TimerKey key, Instant at) {
        Due due = new Due(at, order++, key);
        current.put(key, due);
        byWorkflow.computeIfAbsent(key.uid(), uid -> new HashSet<>()).add(key);
        queue.add(due);
    }

    /** Starts the timer unless it is running already. */
    void startIfAbsent(TimerKey key, Instant at) {
        if (!current.containsKey(key)) {
            start(key, at);
        }
    }

    void cancel(TimerKey key) {
        current.remove(key);
        forget(key);
    }

    void cancelAll(String uid) {
        Set<TimerKey> keys = byWorkflow.remove(uid);
        if (keys != null) {
            keys.forEach(current::remove);
        }
    }

    /** When the next timer is due. */
    Optional<Instant> next() {
        dropStale();
        return Optional.ofNullable(queue.peek()).map(Due::at);
    }

    /** Takes out the timers that are due. */
    List<TimerKey> due(Instant now) {
        List<TimerKey> due = new ArrayList<>();
        dropStale();
        for (Due head = queue.peek(); head != null && !head.at().isAfter(now); head = queue.peek()) {
            queue.remove();
            current.remove(head.key());
            forget(head.key());
            due.add(head.key());
            dropStale();
        }
        return due;
    }

    private void dropStale() {
        while (isStale(queue.peek())) {
            queue.remove();
        }
    }

    private boolean isStale(@Nullable Due due) {
        return due != null && !due.equals(current.get(due.key()));
    }

    private void forget(TimerKey key) {
        Set<TimerKey> keys = byWorkflow.get(key.uid());
        if (keys != null) {
            keys.remove(key);
            if (keys.isEmpty()) {
                byWorkflow.remove(key.uid());
            }
        }
    }
}
