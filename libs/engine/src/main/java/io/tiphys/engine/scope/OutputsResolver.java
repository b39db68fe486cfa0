package io.tiphys.engine.scope;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tiphys.api.Artifact;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.definition.ArtifactArgument;
import io.tiphys.engine.definition.OutputsPlan;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outputs of a steps or dag node, taken from its children's once it succeeded. */
public final class OutputsResolver {
    private static final String UNRESOLVED = "unable to resolve outputs from scope: ";

    private OutputsResolver() {}

    /** What became of it. */
    public sealed interface Outcome {
        /** Null when the template declares none. */
        record Resolved(@Nullable Outputs outputs) implements Outcome {}

        record Problem(String message) implements Outcome {}
    }

    public static Outcome resolve(OutputsPlan plan, Scope scope) {
        if (plan.isEmpty()) {
            return new Outcome.Resolved(null);
        }
        List<Parameter> parameters = new ArrayList<>();
        for (OutputsPlan.ParameterOutput output : plan.parameters()) {
            switch (value(output, scope)) {
                case Texts.Outcome.Text(var value) ->
                    parameters.add(output.parameter()
                            .withValue(value)
                            .withValueFrom(null)
                            .withGlobalName(filled(output.parameter().globalName(), scope)));
                case Texts.Outcome.Problem(var message) -> {
                    return new Outcome.Problem(message);
                }
            }
        }
        List<Artifact> artifacts = new ArrayList<>();
        for (ArtifactArgument output : plan.artifacts()) {
            switch (Artifacts.resolve(output, scope)) {
                case Artifacts.Outcome.Found(var found) -> {
                    if (Locations.isKnown(found) || !output.artifact().optional()) {
                        artifacts.add(named(found, output.artifact(), scope));
                    }
                }
                case Artifacts.Outcome.Invalid(var message) -> {
                    if (!output.artifact().optional()) {
                        return new Outcome.Problem(UNRESOLVED + message);
                    }
                }
                case Artifacts.Outcome.Missing(var message) -> {
                    if (!output.artifact().optional()) {
                        return new Outcome.Problem(UNRESOLVED + message);
                    }
                }
            }
        }
        return new Outcome.Resolved(new Outputs(parameters, artifacts, null, null));
    }

    private static Artifact named(Artifact found, Artifact declared, Scope scope) {
        return found.withName(declared.name())
                .withGlobalName(filled(declared.globalName(), scope))
                .withFrom(null)
                .withFromExpression(null);
    }

    private static @Nullable String filled(@Nullable String text, Scope scope) {
        return text != null
                        && text.contains("{{")
                        && Texts.render(CompiledText.compile(text), scope) instanceof Texts.Outcome.Text(var filled)
                ? filled
                : text;
    }

    private static Texts.Outcome value(OutputsPlan.ParameterOutput output, Scope scope) {
        Texts.Outcome value = computed(output, scope);
        return value instanceof Texts.Outcome.Problem && output.defaultValue() != null
                ? new Texts.Outcome.Text(output.defaultValue())
                : value;
    }

    private static Texts.Outcome computed(OutputsPlan.ParameterOutput output, Scope scope) {
        if (output.problem() != null) {
            return new Texts.Outcome.Problem(output.problem());
        }
        Expr expression = output.expression();
        if (expression != null) {
            return switch (expression.evaluate(scope)) {
                case Expr.Evaluation.Value(var value)
                when value != null ->
                    new Texts.Outcome.Text(
                            value instanceof String text ? text : io.tiphys.expression.GoJson.compact(value));
                case Expr.Evaluation.Value _ ->
                    new Texts.Outcome.Problem("failed to evaluate expression " + TextNode.valueOf(expression.source()));
                case Expr.Evaluation.Failed(var message) -> new Texts.Outcome.Problem(message);
            };
        }
        CompiledText text = output.text();
        if (text == null) {
            return absent(output, "");
        }
        String reference = text.pureReference();
        if (reference != null) {
            Object value = scope.get(reference);
            boolean isResult = reference.endsWith(".outputs.result"); // Argo: only parameters can be absent
            if (value == null || (value instanceof Scope.Absent && isResult)) {
                return new Texts.Outcome.Problem("Unable to resolve: \"" + reference + "\"");
            }
            if (value instanceof Scope.Absent) {
                return absent(output, text.source());
            }
        }
        return Texts.render(text, scope);
    }

    private static Texts.Outcome absent(OutputsPlan.ParameterOutput output, String source) {
        return new Texts.Outcome.Problem(
                "output parameter \"" + output.parameter().name() + "\": \"" + source
                        + "\" is an absent optional (skipped/omitted node output with no default)");
    }
}
