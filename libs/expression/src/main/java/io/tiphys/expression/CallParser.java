package io.tiphys.expression;

import io.tiphys.expression.Node.LoopKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads calls of functions, and of those builtins that go through a list with a predicate. */
final class CallParser {
    private final ExprReader in;
    private final ExprParser expressions;
    private int predicates;

    CallParser(ExprReader in, ExprParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    /** A call by name; {@code piped} is the first argument of a pipe, else null. */
    Node call(Token name, @Nullable Node piped) {
        LoopKind loop = LoopKind.of(name.text());
        if (loop != null) {
            return loop(name, loop, piped);
        }
        List<Node> arguments = new ArrayList<>();
        if (piped != null) {
            arguments.add(piped);
        }
        arguments(arguments);
        Function function = Functions.named(name.text());
        return in.node(
                function != null
                        ? new Node.Call(name.at(), name.text(), function, List.copyOf(arguments))
                        : new Node.UnknownCall(name.at(), name.text(), List.copyOf(arguments)));
    }

    void arguments(List<Node> arguments) {
        int given = arguments.size();
        in.expect(Token.Kind.BRACKET, "(");
        while (!in.current().isBracket(")")) {
            if (arguments.size() > given) {
                in.expect(Token.Kind.OPERATOR, ",");
                if (in.current().isBracket(")")) {
                    break;
                }
            }
            arguments.add(expressions.expression(0));
        }
        in.expect(Token.Kind.BRACKET, ")");
    }

    private Node loop(Token name, LoopKind kind, @Nullable Node piped) {
        in.expect(Token.Kind.BRACKET, "(");
        Node over = piped;
        if (over == null) {
            over = expressions.expression(0);
        }
        Node body = null;
        if (piped != null ? !in.current().isBracket(")") : !in.current().isBracket(")") && comma()) {
            body = predicate();
        } else if (!kind.bodyOptional()) {
            throw in.problem("expected at least " + (piped == null ? 2 : 1) + " arguments");
        }
        Node extra = null;
        if (kind.takesExtra()
                && !in.current().isBracket(")")
                && comma()
                && !in.current().isBracket(")")) {
            extra = expressions.expression(0);
        }
        if (in.current().isOperator(",")) {
            in.next();
        }
        in.expect(Token.Kind.BRACKET, ")");
        return in.node(new Node.Loop(name.at(), kind, over, body, extra));
    }

    private boolean comma() {
        in.expect(Token.Kind.OPERATOR, ",");
        return true;
    }

    private Node predicate() {
        boolean braces = in.current().isBracket("{");
        if (braces) {
            in.next();
        }
        predicates++;
        Node body = braces ? expressions.sequence() : expressions.expression(0);
        if (!braces && in.current().isOperator(";")) {
            throw in.problem("wrap predicate with brackets { and }");
        }
        predicates--;
        if (braces) {
            in.expect(Token.Kind.BRACKET, "}");
        }
        return body;
    }

    /** What follows makes sense in a predicate only. */
    void requirePredicate() {
        if (predicates == 0) {
            throw in.unexpected();
        }
    }
}
