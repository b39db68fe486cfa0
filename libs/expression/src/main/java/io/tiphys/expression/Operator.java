package io.tiphys.expression;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binary operators of expr-lang with their precedence. */
enum Operator {
    PIPE("|", 0),
    OR("||", 10),
    AND("&&", 15),
    EQUAL("==", 20),
    NOT_EQUAL("!=", 20),
    LESS("<", 20),
    MORE(">", 20),
    LESS_OR_EQUAL("<=", 20),
    MORE_OR_EQUAL(">=", 20),
    IN("in", 20),
    MATCHES("matches", 20),
    CONTAINS("contains", 20),
    STARTS_WITH("startsWith", 20),
    ENDS_WITH("endsWith", 20),
    RANGE("..", 25),
    PLUS("+", 30),
    MINUS("-", 30),
    TIMES("*", 60),
    DIVIDE("/", 60),
    MODULO("%", 60),
    POWER("**", 100),
    COALESCE("??", 500);

    private static final Map<String, Operator> BY_SYMBOL = new HashMap<>();

    static {
        for (Operator operator : values()) {
            BY_SYMBOL.put(operator.symbol, operator);
        }
        BY_SYMBOL.put("or", OR);
        BY_SYMBOL.put("and", AND);
        BY_SYMBOL.put("^", POWER);
    }

    final String symbol;
    final int precedence;

    Operator(String symbol, int precedence) {
        this.symbol = symbol;
        this.precedence = precedence;
    }

    static @Nullable Operator of(Token token) {
        return token.kind() == Token.Kind.OPERATOR ? BY_SYMBOL.get(token.text()) : null;
    }

    boolean isComparison() {
        return this == LESS || this == MORE || this == LESS_OR_EQUAL || this == MORE_OR_EQUAL;
    }

    boolean mayBeNegated() {
        return this == IN || this == MATCHES || this == CONTAINS || this == STARTS_WITH || this == ENDS_WITH;
    }
}
