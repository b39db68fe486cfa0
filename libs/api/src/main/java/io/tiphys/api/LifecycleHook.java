package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** A template to run when an expression becomes true, or on exit. */
@ArgoType
public record LifecycleHook(
        @Nullable String template,
        Arguments arguments,
        @Nullable TemplateRef templateRef,
        @Nullable String expression) implements LifecycleHookBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public LifecycleHook {
        arguments = arguments == null ? Arguments.NONE : arguments;
    }
}
