package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template yields. A script that printed nothing has an empty result, which is not the same as none. */
@ArgoType
public record Outputs(
        List<Parameter> parameters,
        List<Artifact> artifacts,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String result,
        @Nullable String exitCode)
        implements OutputsBuilder.With {
    /** Nothing given. */
    public static final Outputs NONE = new Outputs(List.of(), List.of(), null, null);

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Outputs {
        parameters = Frozen.list(parameters);
        artifacts = Frozen.list(artifacts);
    }
}
