package io.tiphys.api;

import java.util.List;

/** What a template takes. */
@ArgoType
public record Inputs(List<Parameter> parameters, List<Artifact> artifacts) implements InputsBuilder.With {
    /** Nothing given. */
    public static final Inputs NONE = new Inputs(List.of(), List.of());

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Inputs {
        parameters = Frozen.list(parameters);
        artifacts = Frozen.list(artifacts);
    }
}
