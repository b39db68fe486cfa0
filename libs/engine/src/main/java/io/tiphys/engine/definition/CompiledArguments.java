package io.tiphys.engine.definition;

import io.tiphys.api.Arguments;
import io.tiphys.api.Artifact;
import io.tiphys.api.Parameter;
import io.tiphys.api.ValueFrom;
import io.tiphys.expression.CompiledText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of a step, task or hook, by name, their tags parsed. */
public record CompiledArguments(Map<String, ParameterArgument> parameters, Map<String, ArtifactArgument> artifacts) {
    public static final CompiledArguments NONE = new CompiledArguments(Map.of(), Map.of());

    /** Text of a value, or where else it comes from. */
    public record ParameterArgument(
            @Nullable CompiledText value, @Nullable ValueFrom valueFrom) {}

    /** The same with some parameters' values replaced. */
    public CompiledArguments withOverrides(Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        Map<String, ParameterArgument> replaced = new LinkedHashMap<>(parameters);
        values.forEach((name, value) -> replaced.put(name, new ParameterArgument(CompiledText.compile(value), null)));
        return new CompiledArguments(replaced, artifacts);
    }

    public static CompiledArguments of(Arguments arguments) {
        if (arguments.parameters().isEmpty() && arguments.artifacts().isEmpty()) {
            return NONE;
        }
        Map<String, ParameterArgument> parameters = new LinkedHashMap<>();
        for (Parameter parameter : arguments.parameters()) {
            String value = parameter.value();
            parameters.put(
                    parameter.name(),
                    new ParameterArgument(value == null ? null : CompiledText.compile(value), parameter.valueFrom()));
        }
        Map<String, ArtifactArgument> artifacts = new LinkedHashMap<>();
        for (Artifact artifact : arguments.artifacts()) {
            artifacts.put(artifact.name(), ArtifactArgument.of(artifact));
        }
        return new CompiledArguments(parameters, artifacts);
    }
}
