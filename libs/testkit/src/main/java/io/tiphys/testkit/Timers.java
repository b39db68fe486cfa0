package io.tiphys.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The timers that the engine asked for and that haven't fired. */
final class Timers {
    private final TreeMap<Instant, List<String>> byTime = new TreeMap<>();

    /** One that fires. */
    record Due(String key, Instant at) {}

    /** Starts one, in place of the one of the same key. */
    void start(String key, Instant at) {
        cancel(key);
        byTime.computeIfAbsent(at, _ -> new ArrayList<>()).add(key);
    }

    void cancel(String key) {
        byTime.values().forEach(keys -> keys.remove(key));
        byTime.values().removeIf(List::isEmpty);
    }

    /** Takes out the next one that fires by then: in order of time, and of the same time in order of their start. */
    Optional<Due> due(Instant until) {
        Optional<Due> due = next().filter(at -> !at.isAfter(until))
                .map(at -> new Due(byTime.firstEntry().getValue().getFirst(), at));
        due.ifPresent(timer -> cancel(timer.key()));
        return due;
    }

    /** When the next one fires. */
    Optional<Instant> next() {
        return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.firstKey());
    }
}
