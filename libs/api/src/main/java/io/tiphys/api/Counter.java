package io.tiphys.api;

/** A metric that only grows. */
@ArgoType
public record Counter(String value) implements CounterBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Counter {
        value = value == null ? "" : value;
    }
}
