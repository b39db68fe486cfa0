package io.tiphys.api;

import java.util.List;

/** Locks to hold while running. */
@ArgoType
public record Synchronization(List<SemaphoreRef> semaphores, List<Mutex> mutexes)
        implements SynchronizationBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Synchronization {
        semaphores = Frozen.list(semaphores);
        mutexes = Frozen.list(mutexes);
    }
}
