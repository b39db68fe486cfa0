package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of a steps template. */
@ArgoType
public record WorkflowStep(
        @Nullable String name,
        @Nullable String template,
        @Nullable Template inline,
        Arguments arguments,
        @Nullable TemplateRef templateRef,
        @Nullable List<JsonNode> withItems,
        @Nullable String withParam,
        @Nullable Sequence withSequence,
        @Nullable String when,
        @Nullable ContinueOn continueOn,
        @Nullable String onExit,
        Map<String, LifecycleHook> hooks)
        implements WorkflowStepBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public WorkflowStep {
        arguments = arguments == null ? Arguments.NONE : arguments;
        withItems = withItems == null ? null : Frozen.list(withItems);
        hooks = Frozen.map(hooks);
    }
}
