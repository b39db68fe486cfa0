package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Expr;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that is handed over or put out: a location written in place (with tags), or a reference to another node's
 * artifact by name ({@code from}) or expression.
 *
 * @param reference dotted name that {@code from} holds, without braces
 * @param expression {@code fromExpression}
 * @param problem why the expression doesn't compile
 * @param document the whole artifact as JSON, when it holds tags
 */
public record ArtifactArgument(
        Artifact artifact,
        @Nullable CompiledText reference,
        @Nullable Expr expression,
        @Nullable String problem,
        @Nullable CompiledText document,
        @Nullable CompiledText subPath) {

    public static ArtifactArgument of(Artifact artifact) {
        CompiledText reference = null;
        Expr expression = null;
        String problem = null;
        if (artifact.from() != null && !artifact.from().isBlank()) {
            reference = CompiledText.compile(artifact.from());
        } else if (artifact.fromExpression() != null
                && !artifact.fromExpression().isBlank()) {
            switch (Expr.compile(artifact.fromExpression())) {
                case Expr.Compilation.Compiled(var compiled) -> expression = compiled;
                case Expr.Compilation.Invalid(var message) -> problem = message;
            }
        }
        CompiledText document = CompiledText.compileJson(json(artifact));
        String subPath = artifact.subPath();
        return new ArtifactArgument(
                artifact,
                reference,
                expression,
                problem,
                document.isConstant() ? null : document,
                subPath == null || subPath.isEmpty() ? null : CompiledText.compile(subPath));
    }

    /** Whether it refers to another artifact instead of naming a location. */
    public boolean isReference() {
        return reference != null || expression != null || problem != null;
    }

    private static String json(Artifact artifact) {
        try {
            return ApiJson.mapper().writeValueAsString(artifact);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("artifact \"" + artifact.name() + "\" can't be written as JSON", e);
        }
    }
}
