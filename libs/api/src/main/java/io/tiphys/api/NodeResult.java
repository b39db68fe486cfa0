package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** What an agent or a plugin says of a node that has no pod of its own. */
@ArgoType
public record NodeResult(
        @Nullable NodePhase phase,
        @Nullable String message,
        @Nullable Outputs outputs,
        @Nullable String progress) implements NodeResultBuilder.With {}
