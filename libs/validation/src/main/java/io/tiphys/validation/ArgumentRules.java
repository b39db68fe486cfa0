package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.Arguments;
import io.tiphys.api.Artifact;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Parameter;
import io.tiphys.api.ValueFrom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments: names, that each has a value, and that a template gets what it takes. */
final class ArgumentRules {
    private ArgumentRules() {}

    /**
     * @param tree the JSON of the arguments
     * @param valuesMayBeMissing whether somebody fills them in later
     */
    static void check(Arguments arguments, JsonNode tree, String path, boolean valuesMayBeMissing, Findings findings) {
        String parametersPath = JsonPaths.field(path, "parameters");
        List<Parameter> parameters = arguments.parameters();
        Names.check(parameters, Parameter::name, Names::valueNameProblem, parametersPath, findings);
        for (int i = 0; i < parameters.size(); i++) {
            boolean emptyEnum = tree.path("parameters").path(i).path("enum").isArray()
                    && parameters.get(i).enumValues().isEmpty();
            String parameterPath = JsonPaths.item(parametersPath, i);
            if (emptyEnum) {
                findings.problem(JsonPaths.field(parameterPath, "enum"), "must have at least one value");
            }
            checkParameter(parameters.get(i), parameterPath, valuesMayBeMissing, findings);
        }
        String artifactsPath = JsonPaths.field(path, "artifacts");
        Names.check(arguments.artifacts(), Artifact::name, Names::valueNameProblem, artifactsPath, findings);
        for (int i = 0; i < arguments.artifacts().size(); i++) {
            checkArtifact(arguments.artifacts().get(i), JsonPaths.item(artifactsPath, i), findings);
        }
    }

    private static void checkParameter(Parameter parameter, String path, boolean valueMayBeMissing, Findings findings) {
        ValueFrom from = parameter.valueFrom();
        if (from == null && parameter.value() == null && !valueMayBeMissing) {
            findings.problem(path, "parameter \"" + parameter.name() + "\" needs a value or valueFrom");
        }
        if (from != null && !isForArguments(from)) {
            findings.problem(
                    JsonPaths.field(path, "valueFrom"),
                    "an argument may only come from configMapKeyRef, event or supplied, with a default");
        }
        if (!parameter.enumValues().isEmpty()) {
            checkEnum(parameter, path, valueMayBeMissing, findings);
        }
    }

    private static void checkEnum(Parameter parameter, String path, boolean valueMayBeMissing, Findings findings) {
        String value = parameter.value();
        if (value == null) {
            if (!valueMayBeMissing) {
                findings.problem(path, "parameter \"" + parameter.name() + "\" needs a value, one of its enum");
            }
        } else if (!parameter.enumValues().contains(value)) {
            findings.problem(
                    JsonPaths.field(path, "value"),
                    "\"" + value + "\" is not in the enum" + Suggestions.known(value, parameter.enumValues()));
        }
    }

    private static boolean isForArguments(ValueFrom from) {
        boolean allowed = from.configMapKeyRef() != null || Call.isGiven(from.event()) || from.supplied() != null;
        boolean forbidden = Call.isGiven(from.path())
                || Call.isGiven(from.jsonPath())
                || Call.isGiven(from.parameter())
                || Call.isGiven(from.expression());
        return allowed && !forbidden;
    }

    private static void checkArtifact(Artifact artifact, String path, Findings findings) {
        if (!Call.isGiven(artifact.from()) && !ArtifactRules.hasLocationOrKey(artifact)) {
            findings.problem(path, "artifact \"" + artifact.name() + "\" needs from, a location or a key");
        }
        if (Call.isGiven(artifact.from()) && Call.isGiven(artifact.fromExpression())) {
            findings.problem(JsonPaths.field(path, "fromExpression"), "can't be given together with from");
        }
    }

    /** Every input without a value of its own must be given one. */
    static void checkSupplied(ResolvedTemplate callee, Arguments arguments, String path, Findings findings) {
        for (Parameter input : callee.template().inputs().parameters()) {
            Parameter argument = find(arguments.parameters(), input.name());
            if (argument == null ? !hasValue(input) : !hasValue(argument, false)) {
                findings.problem(
                        path,
                        "parameter \"" + input.name() + "\" of template \"" + callee.name()
                                + "\" is not supplied and has no default");
            }
        }
        for (Artifact input : callee.template().inputs().artifacts()) {
            boolean given =
                    arguments.artifacts().stream().anyMatch(a -> a.name().equals(input.name()));
            if (!given && !Boolean.TRUE.equals(optional(input)) && !ArtifactRules.hasLocationOrKey(input)) {
                findings.problem(
                        path,
                        "artifact \"" + input.name() + "\" of template \"" + callee.name() + "\" is not supplied");
            }
        }
    }

    private static @Nullable Boolean optional(Artifact input) {
        return input.optional();
    }

    private static boolean hasValue(Parameter input) {
        return hasValue(input, true);
    }

    private static boolean hasValue(Parameter parameter, boolean defaultCounts) {
        ValueFrom from = parameter.valueFrom();
        return parameter.value() != null
                || (defaultCounts && parameter.defaultValue() != null)
                || (from != null && from.configMapKeyRef() != null);
    }

    static @Nullable Parameter find(List<Parameter> parameters, String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter;
            }
        }
        return null;
    }
}
