package io.tiphys.api;

import java.util.Map;

/** Results of a workflow's agent: node id → result. Argo's agent writes them here; ours reports elsewhere. */
@ArgoType
public record WorkflowTaskSetStatus(Map<String, NodeResult> nodes) implements WorkflowTaskSetStatusBuilder.With {
    /** Nothing given. */
    public static final WorkflowTaskSetStatus NONE =
            WorkflowTaskSetStatusBuilder.builder().build();

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public WorkflowTaskSetStatus {
        nodes = Frozen.map(nodes);
    }
}
