package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rendering of one text. */
final class Renderer {
    /** As much as the journal takes of a node; stops texts that blow themselves up. */
    private static final int MAX_LENGTH = 16 << 20;

    /** Variables that come late: an expression that needs one waits for it even if it could be evaluated without. */
    private static final List<String> LATE = List.of(
            "item",
            "retries",
            "lastRetry.exitCode",
            "lastRetry.status",
            "lastRetry.duration",
            "lastRetry.message",
            "workflow.status",
            "workflow.failures");

    private final Scope scope;
    private final boolean json;
    private StringBuilder out = new StringBuilder();
    private final List<String> missing = new ArrayList<>();
    private @Nullable String failure;

    Renderer(Scope scope, boolean json) {
        this.scope = scope;
        this.json = json;
    }

    Rendering result() {
        if (failure != null) {
            return new Rendering.Failed(failure);
        }
        return missing.isEmpty()
                ? new Rendering.Rendered(out.toString())
                : new Rendering.Unresolved(missing, out.toString());
    }

    void render(List<Piece> pieces) {
        for (Piece piece : pieces) {
            if (failure != null) {
                return;
            }
            switch (piece) {
                case Piece.Literal(var text) -> out.append(text);
                case Piece.Tag(var raw, var name) -> tag(raw, name);
                case Piece.Nested(var parts) -> nested(parts);
                case Piece.Expression expression -> expression(expression);
            }
            if (out.length() > MAX_LENGTH) {
                failure = "the text becomes longer than " + MAX_LENGTH + " characters";
            }
        }
    }

    private void tag(String raw, String name) {
        Object value = scope.get(name);
        switch (value) {
            case null -> {
                missing.add(name);
                out.append("{{").append(raw).append("}}");
            }
            case String text -> put(text);
            case Scope.Absent _ ->
                failure = "unable to substitute {{" + raw
                        + "}}: output is an absent optional (skipped/omitted node with no default)";
            default -> failure = "failed to resolve {{" + raw + "}} to string";
        }
    }

    private void nested(List<Piece> parts) {
        StringBuilder outer = out;
        int missingBefore = missing.size();
        out = new StringBuilder();
        render(parts);
        String name = out.toString();
        out = outer;
        if (failure != null) {
            return;
        }
        if (missing.size() > missingBefore) {
            out.append("{{").append(name).append("}}");
        } else {
            tag(name, name.strip());
        }
    }

    private void expression(Piece.Expression piece) {
        switch (piece.compilation()) {
            case Expr.Compilation.Invalid(var message) -> failure = "failed to evaluate expression: " + message;
            case Expr.Compilation.Compiled(var expr) -> evaluate(piece.raw(), expr);
        }
    }

    private void evaluate(String raw, Expr expr) {
        List<String> unknown = expr.missingIn(scope);
        if (unknown.stream().anyMatch(this::comesLate)) {
            verbatim(raw, unknown);
            return;
        }
        switch (expr.evaluate(scope)) {
            case Expr.Evaluation.Value(var value)
            when value != null -> {
                try {
                    put(value instanceof String string ? string : Values.toJson(value));
                } catch (ExprProblem e) { // a number that JSON can't show
                    unresolved(raw, unknown, "failed to evaluate expression: " + e.getMessage());
                }
            }
            case Expr.Evaluation.Value _ ->
                unresolved(raw, unknown, "failed to evaluate expression \"" + expr.source() + "\"");
            case Expr.Evaluation.Failed(var message) ->
                unresolved(raw, unknown, "failed to evaluate expression: " + message);
        }
    }

    private boolean comesLate(String name) {
        return LATE.stream()
                .anyMatch(late -> name.equals(late) || (name.startsWith(late + ".") && scope.get(late) == null));
    }

    private void unresolved(String raw, List<String> unknown, String message) {
        if (unknown.isEmpty()) {
            failure = message;
        } else {
            verbatim(raw, unknown);
        }
    }

    private void verbatim(String raw, List<String> unknown) {
        missing.addAll(unknown);
        out.append("{{=").append(raw).append("}}");
    }

    private void put(String text) {
        if (json) {
            JsonText.escape(text, out);
        } else {
            out.append(text);
        }
    }
}
