package io.tiphys.engine.adoption;

import io.tiphys.api.MutexHolding;
import io.tiphys.api.SemaphoreHolding;
import io.tiphys.api.SynchronizationStatus;
import io.tiphys.engine.LockClaim;
import io.tiphys.engine.LockRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who holds which locks by {@code status.synchronization}; who only waited asks anew. */
final class HeldLocks {
    private final Map<String, List<LockRequest>> byHolder = new HashMap<>();

    HeldLocks(@Nullable SynchronizationStatus status) {
        if (status == null) {
            return;
        }
        if (status.semaphore() != null) {
            for (SemaphoreHolding holding : status.semaphore().holding()) {
                holding.holders().forEach(holder -> add(holder, holding.semaphore(), LockRequest.Kind.SEMAPHORE));
            }
        }
        if (status.mutex() != null) {
            for (MutexHolding holding : status.mutex().holding()) {
                add(holding.holder(), holding.mutex(), LockRequest.Kind.MUTEX);
            }
        }
    }

    private void add(@Nullable String holder, @Nullable String lock, LockRequest.Kind kind) {
        if (holder != null && lock != null) {
            byHolder.computeIfAbsent(holder, _ -> new ArrayList<>()).add(new LockRequest(lock, kind));
        }
    }

    /** The claim of {@code <ns>/<workflow>} or {@code <ns>/<workflow>/<node id>}; null if it holds nothing. */
    @Nullable
    LockClaim of(String holder) {
        List<LockRequest> requests = byHolder.get(holder);
        return requests == null ? null : new LockClaim(1, LockClaim.State.HELD, requests, null, Map.of());
    }
}
