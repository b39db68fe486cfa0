package io.tiphys.api;

import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import org.jspecify.annotations.Nullable;

/** Where the limit of a counting lock is found. */
@ArgoType
public record SemaphoreRef(
        @Nullable ConfigMapKeySelector configMapKeyRef,
        @Nullable String namespace,
        @Nullable SyncDatabaseRef database) implements SemaphoreRefBuilder.With {}
