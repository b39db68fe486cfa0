package io.tiphys.api;

import java.util.List;

/** Metrics that a workflow or template emits. */
@ArgoType
public record Metrics(List<Prometheus> prometheus) implements MetricsBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Metrics {
        prometheus = Frozen.list(prometheus);
    }
}
