package io.tiphys.engine.locks;

import io.tiphys.engine.LockRequest;
import java.time.Instant;
import java.util.List;

/**
 * Somebody wants locks, all of them or none.
 *
 * @param key names this wish; never used again once it was released
 * @param workflow uid of the workflow; nodes of one workflow don't wait for each other's turn, only for the locks
 * @param holder as status shows it: {@code <ns>/<workflow>} or {@code <ns>/<workflow>/<node id>}
 * @param priority higher ones come first
 * @param createdAt when the workflow was created: among equals the oldest comes first
 * @param held it holds them already, whatever the limits say
 */
public record LockWish(
        String key,
        String workflow,
        String holder,
        List<LockRequest> requests,
        int priority,
        Instant createdAt,
        boolean held) {
    public LockWish {
        requests = List.copyOf(requests);
    }
}
