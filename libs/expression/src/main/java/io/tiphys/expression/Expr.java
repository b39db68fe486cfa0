package io.tiphys.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression in the language of <a href="https://expr-lang.org">expr-lang</a> 1.17, with the functions that Argo adds. Immutable;
 * evaluated many times.
 */
public final class Expr {
    private final String source;

    private Expr(String source) {
        this.source = source;
    }

    /** What became of compiling a text. */
    public sealed interface Compilation {
        record Compiled(Expr expr) implements Compilation {}

        record Invalid(String message) implements Compilation {}
    }

    /** What became of evaluating an expression. */
    public sealed interface Evaluation {
        /** The value: null (nil), {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link List}, {@link java.util.Map}, … */
        record Value(@Nullable Object value) implements Evaluation {}

        record Failed(String message) implements Evaluation {}
    }

    public static Compilation compile(String source) {
        return new Compilation.Compiled(new Expr(source));
    }

    /** Variables that the expression needs: dotted names as far as they are known; without those guarded by {@code ??} or {@code ?.}. */
    public List<String> references() {
        return List.of();
    }

    /** The value in this scope, or why there's none. Never throws, never runs for long: steps and sizes are limited. */
    public Evaluation evaluate(Scope scope) {
        return new Evaluation.Failed("expressions are not compiled yet: " + source);
    }

    /** As {@link #evaluate}, but anything else than a boolean is a failure, in Argo's words. */
    public Evaluation evaluateBoolean(Scope scope) {
        return evaluate(scope);
    }

    /** Those of {@link #references} that the scope doesn't have. */
    List<String> missingIn(Scope scope) {
        return references().stream().filter(name -> scope.get(name) == null).toList();
    }

    public String source() {
        return source;
    }
}
