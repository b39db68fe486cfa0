package io.tiphys.api;

import java.util.Map;

/** Labels and annotations added to a workflow made from a template. */
@ArgoType
public record WorkflowMetadata(
        Map<String, String> labels, Map<String, String> annotations, Map<String, LabelValueFrom> labelsFrom)
        implements WorkflowMetadataBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public WorkflowMetadata {
        labels = Frozen.map(labels);
        annotations = Frozen.map(annotations);
        labelsFrom = Frozen.map(labelsFrom);
    }
}
