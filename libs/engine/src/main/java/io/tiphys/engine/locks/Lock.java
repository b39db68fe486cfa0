package io.tiphys.engine.locks;

import io.tiphys.engine.LockRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One lock: its limit, its holders, its queue. */
final class Lock {
    final String name;
    final LockRequest.Kind kind;
    final Map<String, Entry> holders = new LinkedHashMap<>();
    final TreeSet<Entry> queue = new TreeSet<>(Entry.ORDER);

    /** Null as long as nobody said. */
    private @Nullable Integer limit;

    private boolean hasNoLimit;

    Lock(LockRequest request) {
        this.name = request.name();
        this.kind = request.kind();
        this.limit = kind == LockRequest.Kind.MUTEX ? (Integer) 1 : null;
    }

    /** Where whoever can't go on keeps those behind it from doing so; not at the gate that all namespaces share. */
    boolean isInTurn() {
        return !name.equals(LockTable.ALL_WORKFLOWS);
    }

    boolean knowsLimit() {
        return limit != null || hasNoLimit;
    }

    /** There never was a limit that makes sense. */
    boolean isUnusable() {
        return limit == null && hasNoLimit;
    }

    boolean hasRoom() {
        return limit != null && holders.size() < limit;
    }

    boolean isUnused() {
        return holders.isEmpty() && queue.isEmpty();
    }

    /** Argo: without a limit a semaphore can't begin; later the last known one stays, and 0 lets nobody in. */
    boolean setLimit(OptionalInt value) {
        Integer before = limit;
        boolean wasUnusable = isUnusable();
        if (value.isPresent() && (value.getAsInt() != 0 || limit != null)) {
            limit = value.getAsInt();
            hasNoLimit = false;
        } else if (limit == null) {
            hasNoLimit = true;
        }
        return wasUnusable != isUnusable() || (limit != null && !limit.equals(before));
    }

    boolean isTurnOf(Entry entry) {
        return !isInTurn() || queue.isEmpty() || queue.first().wish.workflow().equals(entry.wish.workflow());
    }

    List<String> holderNames() {
        return holders.values().stream().map(entry -> entry.wish.holder()).toList();
    }

    String message() {
        int most = limit == null ? 0 : limit;
        if (kind == LockRequest.Kind.PARALLELISM) {
            return "Workflow processing has been postponed because too many workflows are already running";
        }
        return most == 0
                ? "Failed to get semaphore limit for " + name
                : "Waiting for " + name + " lock. Lock status: " + (most - holders.size()) + "/" + most;
    }
}
