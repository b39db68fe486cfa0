package io.tiphys.engine;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow or a node has to do with locks: all of its requests together, since they are taken all or none.
 *
 * <p>{@code WANTED → (WAITING) → GRANTED → HELD → RELEASED}; a node or workflow that is opened again is {@code LAPSED} and
 * asks anew.
 *
 * @param ticket counts how often this holder asked, so that a late answer or release of an earlier time is known as such
 * @param waitingFor the first lock that was not to be had
 * @param holders who held the locks when it was told to wait, by lock
 */
public record LockClaim(
        int ticket,
        State state,
        List<LockRequest> requests,
        @Nullable String waitingFor,
        Map<String, List<String>> holders) {
    /** How far it got. */
    public enum State {
        WANTED,
        WAITING,
        /** The locks are ours, but the pod waits for a slot of {@code spec.parallelism}. */
        GRANTED,
        HELD,
        RELEASED,
        LAPSED
    }

    public LockClaim {
        requests = List.copyOf(requests);
        holders = sorted(holders);
    }

    /** The same in the order of keys; most have one entry or none, and many nodes may have the same. */
    static Map<String, List<String>> sorted(Map<String, List<String>> holders) {
        return holders.size() <= 1 ? Map.copyOf(holders) : Collections.unmodifiableMap(new TreeMap<>(holders));
    }

    /** Asked for, and not in effect yet. */
    boolean pending() {
        return state == State.WANTED || state == State.WAITING || state == State.GRANTED;
    }

    /** Whether the holder must not go on. */
    boolean lacking() {
        return pending() || state == State.LAPSED;
    }

    /** Whether somebody out there keeps the request or the locks for us. */
    boolean standing() {
        return pending() || state == State.HELD;
    }

    LockClaim to(State next) {
        return next == State.WAITING || next == state
                ? new LockClaim(ticket, next, requests, waitingFor, holders)
                : new LockClaim(ticket, next, requests, null, Map.of());
    }

    LockClaim waiting(@Nullable String lock, Map<String, List<String>> heldBy) {
        return new LockClaim(ticket, State.WAITING, requests, lock, heldBy);
    }
}
