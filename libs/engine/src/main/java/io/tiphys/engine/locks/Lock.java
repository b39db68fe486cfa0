package io.tiphys.engine.locks;

import io.tiphys.engine.LockRequest;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One lock: its limit, its holders, its queue. */
final class Lock {
    final String name;
    final LockRequest.Kind kind;
    private final Holders holders = new Holders();

    /** All who wait for it. */
    final Queue queue = new Queue();

    /** Those of the queue that this lock keeps from going on, the others being kept by another one. */
    final Queue parked = new Queue();

    /** Wishes in the queue. */
    int pending;

    private @Nullable List<String> holderNames;

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

    int held() {
        return holders.size();
    }

    boolean isUnused() {
        return holders.size() == 0 && queue.isEmpty();
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

    boolean isTurnOf(Crowd crowd) {
        return !isInTurn() || queue.isEmpty() || queue.first().isOf(crowd);
    }

    /** The one that may be next, if it can have its other locks as well; null if there is no room or nobody's turn. */
    @Nullable
    Crowd candidate() {
        if (!hasRoom() || parked.isEmpty()) {
            return null;
        }
        Crowd first = parked.first();
        return isTurnOf(first) ? first : null;
    }

    void hold(Entry entry) {
        holders.add(entry);
        holderNames = null;
    }

    void letGo(Entry entry) {
        if (holders.remove(entry)) {
            holderNames = null;
        }
    }

    /** In the order in which they got it; made once for all who ask until somebody comes or goes. */
    List<String> holderNames() {
        List<String> names = holderNames;
        if (names == null) {
            names = holders.names();
            holderNames = names;
        }
        return names;
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
