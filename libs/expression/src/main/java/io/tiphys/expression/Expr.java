package io.tiphys.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression in the language of <a href="https://expr-lang.org">expr-lang</a> 1.17, with the functions that Argo adds:
 * {@code asInt}, {@code asFloat}, {@code jsonpath}, {@code toJson} and {@code sprig.*} (without what reads the environment, the network or a
 * random source). Immutable; evaluated many times.
 *
 * <p>Numbers are {@link Long} and {@link Double}, nil is null, times are {@link java.time.ZonedDateTime}, durations
 * {@link java.time.Duration}; lists and maps keep their order.
 */
public final class Expr {
    private static final int MAX_LENGTH = 1 << 20;

    private final String source;
    private final Node root;
    private final int slots;
    private final References references;
    private final BareNames bareNames;

    private Expr(String source, ExprParser.Parsed parsed) {
        this.source = source;
        this.root = parsed.root();
        this.slots = parsed.slots();
        this.references = References.of(root);
        this.bareNames = BareNames.among(references.variables());
    }

    /** What became of compiling a text. */
    public sealed interface Compilation {
        record Compiled(Expr expr) implements Compilation {}

        /** No expression; the message shows the place in the text. */
        record Invalid(String message) implements Compilation {}
    }

    /** What became of evaluating an expression. */
    public sealed interface Evaluation {
        /** The value; null is nil. */
        record Value(@Nullable Object value) implements Evaluation {}

        record Failed(String message) implements Evaluation {}
    }

    public static Compilation compile(String source) {
        if (source.length() > MAX_LENGTH) {
            return new Compilation.Invalid("the expression is longer than " + MAX_LENGTH + " characters");
        }
        try {
            ExprParser.Parsed parsed = ExprParser.parse(source);
            TypeCheck.check(parsed.root(), parsed.slots(), variable -> Type.UNKNOWN);
            return new Compilation.Compiled(new Expr(source, parsed));
        } catch (ExprProblem problem) {
            return new Compilation.Invalid(problem.show(source));
        }
    }

    public String source() {
        return source;
    }

    /**
     * Variables that the expression can't do without, under their dotted names, in order of appearance. Of members guarded by {@code ??} or
     * {@code ?.} only the first part counts.
     */
    public List<String> references() {
        return references.required();
    }

    /** All variables with their full dotted names, guarded or not; tells which outputs somebody refers to. */
    public List<String> mentions() {
        return references.all();
    }

    /** Those of {@link #references} that the scope doesn't know. */
    public List<String> missingIn(Scope scope) {
        return references.missingIn(scope);
    }

    /** The value in this scope, or why there's none. Never throws and never runs for long: steps and sizes are limited. */
    public Evaluation evaluate(Scope scope) {
        try {
            bareNames.check(root, slots, scope);
            return new Evaluation.Value(new Evaluator(scope, slots).evaluate(root));
        } catch (ExprProblem problem) {
            return new Evaluation.Failed(problem.show(source));
        } catch (StackOverflowError e) {
            return new Evaluation.Failed("the expression or its data is nested too deeply");
        }
    }

    /** As {@link #evaluate}, where only a boolean is a value; the messages are Argo's, which knows names before it evaluates. */
    public Evaluation evaluateBoolean(Scope scope) {
        return switch (evaluate(scope)) {
            case Evaluation.Value value when value.value() instanceof Boolean -> value;
            case Evaluation.Value(var value) ->
                new Evaluation.Failed("unable to cast expression result '" + GoFormat.show(value) + "' to bool");
            case Evaluation.Failed failed when failed.message().startsWith(ExprProblem.UNKNOWN_NAME) -> failed;
            case Evaluation.Failed(var message) ->
                new Evaluation.Failed("unable to evaluate expression '" + source + "': " + message);
        };
    }

    /** The text that a value becomes where Argo puts it into a text: strings as they are, everything else as JSON. */
    public static String toText(Object value) {
        return value instanceof String text ? text : Values.toJson(value);
    }
}
