package io.tiphys.engine.status;

import io.tiphys.api.MutexHolding;
import io.tiphys.api.MutexStatus;
import io.tiphys.api.NodeSynchronizationStatus;
import io.tiphys.api.SemaphoreHolding;
import io.tiphys.api.SemaphoreStatus;
import io.tiphys.api.SynchronizationStatus;
import io.tiphys.engine.LockClaim;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code status.synchronization}: the locks that a workflow and its nodes hold, and those that they wait for. */
final class Holdings {
    private final Map<String, Set<String>> semaphores = new LinkedHashMap<>();
    private final Map<String, List<String>> awaitedSemaphores = new LinkedHashMap<>();
    private final Map<String, String> mutexes = new LinkedHashMap<>();
    private final Map<String, String> awaitedMutexes = new LinkedHashMap<>();

    private Holdings() {}

    /** Null when nothing is held or waited for. */
    static @Nullable SynchronizationStatus of(Run run) {
        Holdings holdings = new Holdings();
        String workflow = run.definition().namespace() + "/" + run.definition().name();
        holdings.add(workflow, run.lock());
        for (Node node : run.lockHolders()) {
            holdings.add(workflow + "/" + node.id(), node.lock());
        }
        return holdings.status();
    }

    /** What the node waits for; null if for nothing. */
    static @Nullable NodeSynchronizationStatus waiting(Node node) {
        LockClaim claim = node.lock();
        return claim == null || claim.state() != LockClaim.State.WAITING
                ? null
                : new NodeSynchronizationStatus(claim.waitingFor());
    }

    private void add(String holder, @Nullable LockClaim claim) {
        if (claim == null) {
            return;
        }
        for (LockRequest request : claim.requests()) {
            boolean isMutex = request.kind() == LockRequest.Kind.MUTEX;
            switch (claim.state()) {
                case GRANTED, HELD -> {
                    if (isMutex) {
                        mutexes.put(request.name(), holder);
                    } else {
                        semaphores
                                .computeIfAbsent(request.name(), _ -> new LinkedHashSet<>())
                                .add(holder);
                    }
                }
                case WAITING -> {
                    List<String> holders = claim.holders().getOrDefault(request.name(), List.of());
                    if (!isMutex) {
                        awaitedSemaphores.putIfAbsent(request.name(), holders);
                    } else if (!holders.isEmpty()) {
                        awaitedMutexes.putIfAbsent(request.name(), holders.getFirst());
                    }
                }
                case WANTED, RELEASED, LAPSED -> {}
            }
        }
    }

    private @Nullable SynchronizationStatus status() {
        SemaphoreStatus semaphore = semaphores.isEmpty() && awaitedSemaphores.isEmpty()
                ? null
                : new SemaphoreStatus(
                        semaphores.entrySet().stream()
                                .map(entry -> new SemaphoreHolding(entry.getKey(), List.copyOf(entry.getValue())))
                                .toList(),
                        awaitedSemaphores.entrySet().stream()
                                .map(entry -> new SemaphoreHolding(entry.getKey(), entry.getValue()))
                                .toList());
        MutexStatus mutex = mutexes.isEmpty() && awaitedMutexes.isEmpty()
                ? null
                : new MutexStatus(holdings(mutexes), holdings(awaitedMutexes));
        return semaphore == null && mutex == null ? null : new SynchronizationStatus(semaphore, mutex);
    }

    private static List<MutexHolding> holdings(Map<String, String> holders) {
        List<MutexHolding> holdings = new ArrayList<>();
        holders.forEach((lock, holder) -> holdings.add(new MutexHolding(lock, holder)));
        return holdings;
    }
}
