package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.Inputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.ArtifactArgument;
import io.tiphys.engine.definition.CompiledArguments;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a node: for each that its template declares, the argument's value, else the declared value, else the
 * default. An argument that is nothing but a reference to the output of a skipped node counts as not given.
 */
public final class InputsResolver {
    private static final String INPUT = "inputs.parameters.";
    private static final String UNRESOLVED = "unable to resolve references: ";

    private InputsResolver() {}

    /** What became of it. */
    public sealed interface Outcome {
        /** Null when the template declares none. */
        record Resolved(@Nullable Inputs inputs) implements Outcome {}

        /** An argument's text can't be filled in ({@code ofArgument}), or the template doesn't get what it needs. */
        record Problem(String message, boolean ofArgument) implements Outcome {}
    }

    /**
     * Resolves what a node gets.
     *
     * @param scope what arguments may name
     * @param own what the template's own values may name beside its other inputs
     * @param lenient whether tags of an argument that nothing is known of stay as they are: Argo does so with those of hooks
     */
    public static Outcome resolve(
            CompiledTemplate template, CompiledArguments arguments, Scope scope, Scope own, Run run, boolean lenient) {
        if (!template.hasInputs()) {
            return new Outcome.Resolved(null);
        }
        Inputs declared = template.template().inputs();
        List<Parameter> parameters = new ArrayList<>(declared.parameters().size());
        for (Parameter parameter : declared.parameters()) {
            switch (parameter(parameter, arguments.parameters().get(parameter.name()), scope, run, lenient)) {
                case Texts.Outcome.Text(var value) ->
                    parameters.add(parameter.withValue(value).withValueFrom(null));
                case Texts.Outcome.Problem(var message) -> {
                    return new Outcome.Problem(message, !message.startsWith(INPUT));
                }
            }
        }
        String problem = fillIn(parameters, declared.parameters(), own, run);
        if (problem != null) {
            return new Outcome.Problem(problem, false);
        }
        if (template.template().suspend() != null) {
            parameters.replaceAll(InputsResolver::withChoices);
        }
        List<Artifact> artifacts = new ArrayList<>(declared.artifacts().size());
        for (Artifact artifact : declared.artifacts()) {
            // the template's own location may name its own parameters
            Scope filled = new InputsScope(new Inputs(parameters, List.of()), own);
            switch (artifact(artifact, arguments.artifacts().get(artifact.name()), scope, filled)) {
                case Artifacts.Outcome.Found(var found) -> artifacts.add(found);
                case Artifacts.Outcome.Missing(var message) -> {
                    return new Outcome.Problem(message, false);
                }
                case Artifacts.Outcome.Invalid(var message) -> {
                    return new Outcome.Problem(message, true);
                }
            }
        }
        return new Outcome.Resolved(new Inputs(parameters, artifacts));
    }

    /** Argo: what a suspend node's users may choose from can come along in the value, as JSON of a parameter (docs/intermediate-inputs.md). */
    private static Parameter withChoices(Parameter parameter) {
        String value = parameter.value();
        if (value == null || !value.stripLeading().startsWith("{")) {
            return parameter;
        }
        List<String> choices;
        try {
            choices = ApiJson.mapper()
                    .readTree(value)
                    .path("enum")
                    .valueStream()
                    .map(JsonNode::asText)
                    .toList();
        } catch (JsonProcessingException e) {
            return parameter;
        }
        if (choices.isEmpty()) {
            return parameter;
        }
        Parameter chosen = parameter.withEnumValues(choices);
        return chosen.defaultValue() == null ? chosen.withDefaultValue(choices.getFirst()) : chosen;
    }

    /** Which artifact that must be there refers to nothing, asked before there is a node to have it; null for none. */
    public static @Nullable String unresolvedArtifact(CompiledArguments arguments, Scope scope) {
        for (ArtifactArgument argument : arguments.artifacts().values()) {
            if (!argument.isReference() || argument.artifact().optional()) {
                continue;
            }
            switch (Artifacts.resolve(argument, scope)) {
                case Artifacts.Outcome.Found _ -> {}
                case Artifacts.Outcome.Invalid(var message) -> {
                    return UNRESOLVED + message;
                }
                case Artifacts.Outcome.Missing(var message) -> {
                    return UNRESOLVED + message;
                }
            }
        }
        return null;
    }

    /** Argo: what a template declares as a value may name its other inputs, by what they are before that. */
    private static @Nullable String fillIn(List<Parameter> parameters, List<Parameter> declared, Scope own, Run run) {
        Scope scope = null;
        for (int i = 0; i < parameters.size(); i++) {
            String value = parameters.get(i).value();
            if (value != null
                    && value.contains("{{")
                    && value.equals(run.definition().value(declared.get(i), run.scope()))) {
                scope = scope == null ? new InputsScope(new Inputs(List.copyOf(parameters), List.of()), own) : scope;
                switch (Texts.render(CompiledText.compile(value), scope)) {
                    case Texts.Outcome.Text(var text) ->
                        parameters.set(i, parameters.get(i).withValue(text));
                    case Texts.Outcome.Problem(var message) -> {
                        return message;
                    }
                }
            }
        }
        return null;
    }

    private static Texts.Outcome parameter(
            Parameter declared,
            CompiledArguments.@Nullable ParameterArgument argument,
            Scope scope,
            Run run,
            boolean lenient) {
        boolean absent = false;
        CompiledText given = argument == null ? null : argument.value();
        if (given != null) {
            String reference = given.pureReference();
            absent = reference != null && scope.get(reference) instanceof Scope.Absent;
            if (!absent) {
                return lenient ? Texts.renderKnown(given, scope) : Texts.render(given, scope);
            }
        } else if (argument != null && argument.valueFrom() != null) {
            String value =
                    run.definition().value(declared.withValue(null).withValueFrom(argument.valueFrom()), run.scope());
            if (value != null) {
                return new Texts.Outcome.Text(value);
            }
        }
        String fallback = run.definition().value(declared, run.scope());
        if (fallback != null) {
            return new Texts.Outcome.Text(fallback);
        }
        return new Texts.Outcome.Problem(
                absent
                        ? INPUT + declared.name()
                                + ": argument references an absent optional (skipped/omitted node output with no default)"
                        : INPUT + declared.name() + " was not supplied");
    }

    /** Argo: whether the template needs it decides whether it must come with a location; all else is the argument's to say. */
    private static Artifacts.Outcome artifact(
            Artifact declared, @Nullable ArtifactArgument argument, Scope scope, Scope own) {
        Artifact given = null;
        if (argument != null) {
            boolean optional = argument.artifact().optional();
            switch (Artifacts.resolve(argument, scope)) {
                case Artifacts.Outcome.Found(var found) -> given = found;
                case Artifacts.Outcome.Invalid invalid -> {
                    if (!optional) {
                        return invalid;
                    }
                }
                case Artifacts.Outcome.Missing(var message) -> {
                    if (!optional) {
                        return new Artifacts.Outcome.Invalid(message);
                    }
                }
            }
        }
        boolean needed = !declared.optional() && !Locations.isKnown(declared);
        if (given == null || argument == null) {
            return needed
                    ? new Artifacts.Outcome.Missing("inputs.artifacts." + declared.name() + " was not supplied")
                    : Artifacts.resolve(ArtifactArgument.of(declared), own);
        }
        if (needed && !Locations.isKnown(given)) {
            return new Artifacts.Outcome.Missing(
                    "inputs.artifacts." + declared.name() + " missing location information");
        }
        boolean isLeftOut = argument.artifact().optional() && !Locations.isKnown(given);
        return new Artifacts.Outcome.Found(given.withName(declared.name())
                .withOptional(given.optional() || isLeftOut) // of a step that was skipped
                .withPath(declared.path())
                .withMode(declared.mode())
                .withRecurseMode(declared.recurseMode())
                .withFrom(null)
                .withFromExpression(null)
                .withSubPath(null)
                .withGlobalName(null)
                .withArtifactGC(null));
    }
}
