package io.tiphys.api;

import java.util.List;

/** Parameters and artifacts handed to a template or workflow. */
@ArgoType
public record Arguments(List<Parameter> parameters, List<Artifact> artifacts) implements ArgumentsBuilder.With {
    /** Nothing given. */
    public static final Arguments NONE = new Arguments(List.of(), List.of());

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Arguments {
        parameters = Frozen.list(parameters);
        artifacts = Frozen.list(artifacts);
    }
}
