package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** A metric that goes up and down. */
@ArgoType
public record Gauge(
        String value, @Nullable Boolean realtime, @Nullable String operation) implements GaugeBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Gauge {
        value = value == null ? "" : value;
    }
}
