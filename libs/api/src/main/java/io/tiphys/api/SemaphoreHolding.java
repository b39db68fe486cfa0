package io.tiphys.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who holds or waits for a semaphore. */
@ArgoType
public record SemaphoreHolding(@Nullable String semaphore, List<String> holders)
        implements SemaphoreHoldingBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public SemaphoreHolding {
        holders = Frozen.list(holders);
    }
}
