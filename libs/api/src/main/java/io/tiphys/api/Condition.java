package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Something true or false about a workflow, by type. */
@ArgoType
public record Condition(
        String type, String status, @Nullable String message) implements ConditionBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Condition {
        type = type == null ? "" : type;
        status = status == null ? "" : status;
    }
}
