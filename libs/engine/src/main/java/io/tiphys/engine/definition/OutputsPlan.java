package io.tiphys.engine.definition;

import io.tiphys.api.Artifact;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.api.ValueFrom;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Expr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Outputs of a steps or dag template: where each comes from among its children. */
public record OutputsPlan(List<ParameterOutput> parameters, List<ArtifactArgument> artifacts) {

    /**
     * One output parameter.
     *
     * @param text {@code valueFrom.parameter}
     * @param expression {@code valueFrom.expression}
     * @param problem why it can't be computed at all
     */
    public record ParameterOutput(
            Parameter parameter,
            @Nullable CompiledText text,
            @Nullable Expr expression,
            @Nullable String defaultValue,
            @Nullable String problem) {}

    static OutputsPlan of(Outputs outputs) {
        List<ParameterOutput> parameters = new ArrayList<>();
        for (Parameter parameter : outputs.parameters()) {
            parameters.add(parameter(parameter));
        }
        List<ArtifactArgument> artifacts = new ArrayList<>();
        for (Artifact artifact : outputs.artifacts()) {
            artifacts.add(ArtifactArgument.of(artifact));
        }
        return new OutputsPlan(List.copyOf(parameters), List.copyOf(artifacts));
    }

    public boolean isEmpty() {
        return parameters.isEmpty() && artifacts.isEmpty();
    }

    private static ParameterOutput parameter(Parameter parameter) {
        ValueFrom from = parameter.valueFrom();
        if (from == null) {
            return new ParameterOutput(
                    parameter, null, null, null, "output parameters must have a valueFrom specified");
        }
        if (from.expression() != null && !from.expression().isBlank()) {
            return switch (Expr.compile(from.expression())) {
                case Expr.Compilation.Compiled(var expr) ->
                    new ParameterOutput(parameter, null, expr, from.defaultValue(), null);
                case Expr.Compilation.Invalid(var message) ->
                    new ParameterOutput(parameter, null, null, from.defaultValue(), message);
            };
        }
        String text = from.parameter() == null ? "" : from.parameter();
        return new ParameterOutput(parameter, CompiledText.compile(text), null, from.defaultValue(), null);
    }
}
