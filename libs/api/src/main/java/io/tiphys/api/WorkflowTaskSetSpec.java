package io.tiphys.api;

import java.util.Map;

/** Tasks of a workflow's agent: node id → template with everything filled in. */
@ArgoType
public record WorkflowTaskSetSpec(Map<String, Template> tasks) implements WorkflowTaskSetSpecBuilder.With {
    /** Nothing given. */
    public static final WorkflowTaskSetSpec NONE =
            WorkflowTaskSetSpecBuilder.builder().build();

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public WorkflowTaskSetSpec {
        tasks = Frozen.map(tasks);
    }
}
