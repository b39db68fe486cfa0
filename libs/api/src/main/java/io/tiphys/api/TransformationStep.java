package io.tiphys.api;

/** One expression applied to the list. */
@ArgoType
public record TransformationStep(String expression) implements TransformationStepBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public TransformationStep {
        expression = expression == null ? "" : expression;
    }
}
