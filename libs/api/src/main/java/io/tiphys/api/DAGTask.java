package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One task of a DAG. */
@ArgoType
public record DAGTask(
        String name,
        @Nullable String template,
        @Nullable Template inline,
        Arguments arguments,
        @Nullable TemplateRef templateRef,
        List<String> dependencies,
        @Nullable List<JsonNode> withItems,
        @Nullable String withParam,
        @Nullable Sequence withSequence,
        @Nullable String when,
        @Nullable ContinueOn continueOn,
        @Nullable String onExit,
        @Nullable String depends,
        Map<String, LifecycleHook> hooks)
        implements DAGTaskBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public DAGTask {
        name = name == null ? "" : name;
        arguments = arguments == null ? Arguments.NONE : arguments;
        dependencies = Frozen.list(dependencies);
        withItems = withItems == null ? null : Frozen.list(withItems);
        hooks = Frozen.map(hooks);
    }
}
