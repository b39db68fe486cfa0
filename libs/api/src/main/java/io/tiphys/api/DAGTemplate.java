package io.tiphys.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks ordered by what they depend on. */
@ArgoType
public record DAGTemplate(
        @Nullable String target,
        List<DAGTask> tasks,
        @Nullable Boolean failFast) implements DAGTemplateBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public DAGTemplate {
        tasks = Frozen.list(tasks);
    }
}
