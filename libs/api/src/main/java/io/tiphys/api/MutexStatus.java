package io.tiphys.api;

import java.util.List;

/** Mutexes held and waited for. */
@ArgoType
public record MutexStatus(List<MutexHolding> holding, List<MutexHolding> waiting) implements MutexStatusBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public MutexStatus {
        holding = Frozen.list(holding);
        waiting = Frozen.list(waiting);
    }
}
