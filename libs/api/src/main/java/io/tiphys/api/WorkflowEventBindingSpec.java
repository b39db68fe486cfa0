package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Which events start which workflow template. */
@ArgoType
public record WorkflowEventBindingSpec(
        @Nullable Event event, @Nullable Submit submit) implements WorkflowEventBindingSpecBuilder.With {
    /** Nothing given. */
    public static final WorkflowEventBindingSpec NONE =
            WorkflowEventBindingSpecBuilder.builder().build();
}
