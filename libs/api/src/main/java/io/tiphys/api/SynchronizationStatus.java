package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Locks held and waited for. */
@ArgoType
public record SynchronizationStatus(
        @Nullable SemaphoreStatus semaphore, @Nullable MutexStatus mutex)
        implements SynchronizationStatusBuilder.With {}
