package io.tiphys.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One metric; exactly one of gauge, histogram and counter is set in a valid one. */
@ArgoType
public record Prometheus(
        String name,
        List<MetricLabel> labels,
        String help,
        @Nullable String when,
        @Nullable Gauge gauge,
        @Nullable Histogram histogram,
        @Nullable Counter counter)
        implements PrometheusBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Prometheus {
        name = name == null ? "" : name;
        labels = Frozen.list(labels);
        help = help == null ? "" : help;
    }
}
