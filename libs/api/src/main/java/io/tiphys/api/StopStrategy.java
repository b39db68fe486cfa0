package io.tiphys.api;

/** The expression that ends a cron workflow's schedule. */
@ArgoType
public record StopStrategy(String expression) implements StopStrategyBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public StopStrategy {
        expression = expression == null ? "" : expression;
    }
}
