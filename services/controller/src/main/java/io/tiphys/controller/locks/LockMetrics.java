package io.tiphys.controller.locks;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.messages.LockMessage;
import java.util.ArrayList;
import java.util.List;

/** Argo's metrics of locks, under its names and labels; given by the replica in charge. */
final class LockMetrics {
    private final MeterRegistry registry;
    private final MultiGauge held;
    private final MultiGauge pending;

    LockMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.held = MultiGauge.builder("argo_workflows_locks_held")
                .description("Locks held now, by lock")
                .register(registry);
        this.pending = MultiGauge.builder("argo_workflows_locks_pending")
                .description("Requests that wait for a lock now, by lock")
                .register(registry);
    }

    void taken(LockMessage.Wanted wish) {
        for (LockMessage.LockName lock : wish.locks()) {
            if (!lock.kind().equals(LockRequest.Kind.PARALLELISM.name())) {
                registry.counter(
                                "argo_workflows_locks_taken",
                                tags(lock.name(), lock.kind().equals(LockRequest.Kind.MUTEX.name())))
                        .increment();
            }
        }
    }

    void show(List<LockTable.Usage> usage) {
        List<MultiGauge.Row<?>> holders = new ArrayList<>();
        List<MultiGauge.Row<?>> waiters = new ArrayList<>();
        for (LockTable.Usage lock : usage) {
            if (lock.kind() != LockRequest.Kind.PARALLELISM) {
                Tags tags = tags(lock.lock(), lock.kind() == LockRequest.Kind.MUTEX);
                holders.add(MultiGauge.Row.of(tags, lock.held()));
                waiters.add(MultiGauge.Row.of(tags, lock.pending()));
            }
        }
        held.register(holders, true);
        pending.register(waiters, true);
    }

    private static Tags tags(String lock, boolean isMutex) {
        String[] parts = lock.split("/", 3);
        return Tags.of(
                "type",
                isMutex ? "mutex" : "semaphore",
                "storage",
                parts[1].equals("Database") ? "database" : "configmap",
                "lock_name",
                parts[2],
                "namespace",
                parts[0]);
    }
}
