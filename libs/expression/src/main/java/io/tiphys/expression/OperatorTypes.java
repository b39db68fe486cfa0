package io.tiphys.expression;

import io.tiphys.expression.Type.Kind;
import java.util.EnumSet;
import java.util.Set;

/** What types operators take, and what comes of them. */
final class OperatorTypes {
    private static final Set<Kind> ORDERED = EnumSet.of(Kind.INT, Kind.FLOAT, Kind.STRING, Kind.TIME, Kind.DURATION);
    private static final Set<Kind> NUMBERS = EnumSet.of(Kind.INT, Kind.FLOAT);

    private OperatorTypes() {}

    static Type bool(int at, String operator, Type left, Type right) {
        require(at, operator, left, right, EnumSet.of(Kind.BOOL));
        return Type.BOOL;
    }

    static Type coalesce(Type left, Type right) {
        if (left.is(Kind.NIL)) {
            return right;
        }
        return right.is(Kind.NIL) || right.equals(left) ? left : Type.UNKNOWN;
    }

    static Type binary(int at, Operator operator, Type left, Type right) {
        String symbol = operator.symbol;
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> {
                if (!left.comparableTo(right)) {
                    throw mismatch(at, symbol, left, right);
                }
                yield Type.BOOL;
            }
            case LESS, MORE, LESS_OR_EQUAL, MORE_OR_EQUAL -> {
                require(at, symbol, left, right, ORDERED);
                yield Type.BOOL;
            }
            case IN -> in(at, left, right);
            case MATCHES, CONTAINS, STARTS_WITH, ENDS_WITH -> {
                require(at, symbol, left, right, EnumSet.of(Kind.STRING));
                yield Type.BOOL;
            }
            case RANGE -> {
                require(at, symbol, left, right, EnumSet.of(Kind.INT));
                yield Type.listOf(Type.INT);
            }
            case MODULO -> {
                require(at, symbol, left, right, EnumSet.of(Kind.INT));
                yield Type.INT;
            }
            case DIVIDE, POWER -> {
                require(at, symbol, left, right, NUMBERS);
                yield Type.FLOAT;
            }
            case PLUS -> sum(at, symbol, left, right, ORDERED);
            case MINUS -> sum(at, symbol, left, right, EnumSet.of(Kind.INT, Kind.FLOAT, Kind.TIME, Kind.DURATION));
            case TIMES -> sum(at, symbol, left, right, EnumSet.of(Kind.INT, Kind.FLOAT, Kind.DURATION));
            case AND, OR, COALESCE, PIPE -> Type.UNKNOWN;
        };
    }

    /** The result of plus, minus or times. */
    private static Type sum(int at, String symbol, Type left, Type right, Set<Kind> kinds) {
        if (left.number() && right.number()) {
            return left.is(Kind.FLOAT) || right.is(Kind.FLOAT) ? Type.FLOAT : Type.INT;
        }
        boolean times = symbol.equals("*");
        boolean duration = left.is(Kind.DURATION) || right.is(Kind.DURATION);
        if (times && duration && (left.number() || right.number() || left.equals(right))) {
            return Type.DURATION;
        }
        if (!times && left.is(Kind.TIME) && right.is(Kind.DURATION)) {
            return Type.TIME;
        }
        if (symbol.equals("+") && left.is(Kind.DURATION) && right.is(Kind.TIME)) {
            return Type.TIME;
        }
        if (left.is(Kind.TIME) && right.is(Kind.TIME)) {
            if (symbol.equals("-")) {
                return Type.DURATION;
            }
            throw mismatch(at, symbol, left, right);
        }
        require(at, symbol, left, right, kinds);
        return left.equals(right) ? left : Type.UNKNOWN;
    }

    private static Type in(int at, Type left, Type right) {
        switch (right.kind()) {
            case MAP -> {
                if (!left.unknown() && !left.is(Kind.STRING)) {
                    throw new ExprProblem("cannot use " + left + " as type string in map key", at);
                }
            }
            case LIST -> {
                if (!left.comparableTo(right.elementOrUnknown())) {
                    throw new ExprProblem(
                            "cannot use " + left + " as type " + right.elementOrUnknown() + " in array", at);
                }
            }
            case UNKNOWN -> {}
            case STRING, OTHER -> {
                if (!left.unknown() && !(right.is(Kind.OTHER) && left.is(Kind.STRING))) {
                    throw mismatch(at, "in", left, right);
                }
            }
            case NIL, BOOL, INT, FLOAT, TIME, DURATION -> throw mismatch(at, "in", left, right);
        }
        return Type.BOOL;
    }

    /** Both of the same family and among the kinds, or unknown. */
    private static void require(int at, String operator, Type left, Type right, Set<Kind> kinds) {
        boolean possible = left.unknown()
                ? right.unknown() || kinds.contains(right.kind())
                : kinds.contains(left.kind()) && (right.unknown() || left.sameFamily(right));
        if (!possible || (!right.unknown() && !kinds.contains(right.kind()))) {
            throw mismatch(at, operator, left, right);
        }
    }

    private static ExprProblem mismatch(int at, String operator, Type left, Type right) {
        return new ExprProblem(
                "invalid operation: " + operator + " (mismatched types " + left + " and " + right + ")", at);
    }
}
