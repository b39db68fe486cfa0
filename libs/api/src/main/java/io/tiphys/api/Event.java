package io.tiphys.api;

/** Which events match: an expression over the payload. */
@ArgoType
public record Event(String selector) implements EventBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Event {
        selector = selector == null ? "" : selector;
    }
}
