package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.engine.definition.ArtifactArgument;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;
import org.jspecify.annotations.Nullable;

/** Finds what an artifact argument or output refers to. */
final class Artifacts {
    private Artifacts() {}

    /** What became of it. */
    sealed interface Outcome {
        record Found(Artifact artifact) implements Outcome {}

        /** There is none of that name, and that may be fine for an optional one. */
        record Missing(String message) implements Outcome {}

        /** What is written of it can't be filled in or evaluated, or is no artifact. */
        record Invalid(String message) implements Outcome {}
    }

    static Outcome resolve(ArtifactArgument argument, Scope scope) {
        Artifact written = argument.artifact();
        if (!argument.isReference()) {
            return located(argument, scope);
        }
        if (argument.problem() != null) {
            return new Outcome.Invalid(argument.problem());
        }
        Object value;
        CompiledText reference = argument.reference();
        Expr expression = argument.expression();
        if (reference != null) {
            String name = reference.pureReference();
            value = scope.get(name == null ? rendered(reference, scope) : name);
            if (value == null) {
                return new Outcome.Missing(
                        "Unable to resolve: \"" + (name == null ? String.valueOf(written.from()) : name) + "\"");
            }
        } else if (expression != null) {
            switch (expression.evaluate(scope)) {
                case Expr.Evaluation.Value(var evaluated) -> value = evaluated;
                case Expr.Evaluation.Failed(var message) -> {
                    return new Outcome.Invalid(message);
                }
            }
        } else {
            value = null;
        }
        if (!(value instanceof Artifact source)) {
            return new Outcome.Invalid("artifact \"" + written.name() + "\" refers to no artifact");
        }
        CompiledText subPath = argument.subPath();
        return subPath == null ? new Outcome.Found(source) : below(source, subPath, scope);
    }

    private static Outcome below(Artifact source, CompiledText subPath, Scope scope) {
        return switch (Texts.render(subPath, scope)) {
            case Texts.Outcome.Text(var path) -> new Outcome.Found(Locations.below(source, path));
            case Texts.Outcome.Problem(var message) -> new Outcome.Invalid(message);
        };
    }

    private static Outcome located(ArtifactArgument argument, Scope scope) {
        CompiledText document = argument.document();
        if (document == null) {
            return new Outcome.Found(argument.artifact());
        }
        return switch (Texts.render(document, scope)) {
            case Texts.Outcome.Text(var json) -> {
                Artifact read = read(json);
                yield read == null
                        ? new Outcome.Missing(
                                "artifact \"" + argument.artifact().name() + "\" is not readable")
                        : new Outcome.Found(read);
            }
            case Texts.Outcome.Problem(var message) -> new Outcome.Missing(message);
        };
    }

    private static @Nullable Artifact read(String json) {
        try {
            return ApiJson.mapper().readValue(json, Artifact.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String rendered(CompiledText text, Scope scope) {
        return switch (text.render(scope)) {
            case Rendering.Rendered(var rendered) -> rendered;
            case Rendering.Unresolved(var _, var rendered) -> rendered;
            case Rendering.Failed _ -> text.source();
        };
    }
}
