package io.tiphys.api;

import java.util.Map;

/** Labels and annotations for pods. */
@ArgoType
public record Metadata(Map<String, String> annotations, Map<String, String> labels) implements MetadataBuilder.With {
    /** Nothing given. */
    public static final Metadata NONE = new Metadata(Map.of(), Map.of());

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Metadata {
        annotations = Frozen.map(annotations);
        labels = Frozen.map(labels);
    }
}
