package io.tiphys.expression;

import java.util.List;

/** The tokens of an expression as they are read, and the count of what is made of them. */
final class ExprReader {
    private static final int MAX_NODES = 10_000;

    private final List<Token> tokens;
    private int position;
    private int nodes;

    ExprReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    /** The token behind the current one; at the end the last one. */
    Token following() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(position);
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    ExprProblem unexpected() {
        return problem("unexpected token " + current());
    }

    /** What is wrong where the current token stands. */
    ExprProblem problem(String reason) {
        return new ExprProblem(reason, current().at());
    }

    void expect(Token.Kind kind, String text) {
        if (!current().is(kind, text)) {
            throw unexpected();
        }
        next();
    }

    /** Counts a node of the tree. */
    <N extends Node> N node(N node) {
        if (++nodes > MAX_NODES) {
            throw problem("compilation failed: expression exceeds maximum allowed nodes");
        }
        return node;
    }
}
