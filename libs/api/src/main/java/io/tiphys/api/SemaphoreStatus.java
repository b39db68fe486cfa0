package io.tiphys.api;

import java.util.List;

/** Semaphores held and waited for. */
@ArgoType
public record SemaphoreStatus(List<SemaphoreHolding> holding, List<SemaphoreHolding> waiting)
        implements SemaphoreStatusBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public SemaphoreStatus {
        holding = Frozen.list(holding);
        waiting = Frozen.list(waiting);
    }
}
