package io.tiphys.api;

/** A label value computed by an expression. */
@ArgoType
public record LabelValueFrom(String expression) implements LabelValueFromBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public LabelValueFrom {
        expression = expression == null ? "" : expression;
    }
}
