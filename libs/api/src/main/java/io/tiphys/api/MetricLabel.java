package io.tiphys.api;

/** A label of a metric. */
@ArgoType
public record MetricLabel(String key, String value) implements MetricLabelBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public MetricLabel {
        key = key == null ? "" : key;
        value = value == null ? "" : value;
    }
}
