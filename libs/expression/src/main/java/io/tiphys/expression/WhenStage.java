package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a {@code when} condition that has a value: text, number, boolean, list or null. */
@FunctionalInterface
interface WhenStage {

    @Nullable
    Object evaluate() throws WhenProblem;

    static WhenStage prefix(String symbol, WhenStage of) {
        return () -> {
            Object value = of.evaluate();
            if (symbol.equals("!") && value instanceof Boolean bool) {
                return !bool;
            }
            if (symbol.equals("-") && value instanceof Double number) {
                return -number;
            }
            if (symbol.equals("~") && value instanceof Double number) {
                return (double) ~number.longValue();
            }
            throw new WhenProblem(
                    "Value '" + GoFormat.show(value) + "' cannot be used with the prefix '" + symbol + "'");
        };
    }

    /** An operator and what stands on its right. */
    record Operation(String symbol, WhenStage right) {}

    /**
     * Operators of one level, which go from left to right; there may be thousands, so they don't nest.
     *
     * @param budget of all of the condition
     */
    static WhenStage chain(WhenStage first, List<Operation> operations, Budget budget) {
        if (operations.getFirst().symbol().equals(",")) {
            return () -> listed(first.evaluate(), operations);
        }
        return () -> {
            Object value = first.evaluate();
            for (Operation operation : operations) {
                value = applied(operation.symbol(), value, operation.right(), budget);
            }
            return value;
        };
    }

    private static @Nullable Object applied(String symbol, @Nullable Object left, WhenStage right, Budget budget)
            throws WhenProblem {
        return switch (symbol) {
            case "&&", "||" -> logical(symbol, left, right);
            case "?", ":", "??" -> ternary(symbol, left, right);
            case "==" -> Objects.equals(left, right.evaluate());
            case "!=" -> !Objects.equals(left, right.evaluate());
            case ">", ">=", "<", "<=" -> compared(symbol, left, right.evaluate());
            case "=~", "!~" -> matched(symbol, left, right.evaluate(), budget) == symbol.equals("=~");
            case "in" -> {
                Object list = right.evaluate();
                if (list instanceof List<?> elements) {
                    yield elements.contains(left);
                }
                throw wrong(COMPARATOR, list, symbol);
            }
            default -> calculated(symbol, left, right.evaluate());
        };
    }

    /** What an operator can't be used with, and why. */
    String LOGICAL = "logical operator '%s', it is not a bool";

    String COMPARATOR = "comparator '%s', it is not a number";
    String MODIFIER = "modifier '%s', it is not a number";
    String TERNARY = "ternary operator '%s', it is not a bool";

    private static WhenProblem wrong(String with, @Nullable Object value, String symbol) {
        return new WhenProblem(
                "Value '" + GoFormat.show(value) + "' cannot be used with the " + String.format(with, symbol));
    }

    private static @Nullable Object logical(String symbol, @Nullable Object first, WhenStage right) throws WhenProblem {
        boolean decisive = symbol.equals("||");
        if (first instanceof Boolean bool && bool == decisive) {
            return decisive;
        }
        Object second = right.evaluate();
        if (!(first instanceof Boolean)) {
            throw wrong(LOGICAL, first, symbol);
        }
        if (!(second instanceof Boolean)) {
            throw wrong(LOGICAL, second, symbol);
        }
        return second;
    }

    private static @Nullable Object ternary(String symbol, @Nullable Object first, WhenStage right) throws WhenProblem {
        if (!symbol.equals("?")) {
            return first != null ? first : right.evaluate();
        }
        if (first instanceof Boolean bool) {
            return bool ? right.evaluate() : null;
        }
        throw wrong(TERNARY, first, symbol);
    }

    /** Commas have a level of their own. */
    private static List<@Nullable Object> listed(@Nullable Object first, List<Operation> operations)
            throws WhenProblem {
        List<@Nullable Object> list = new ArrayList<>();
        if (first instanceof List<?> before) {
            list.addAll(before);
        } else {
            list.add(first);
        }
        for (Operation operation : operations) {
            list.add(operation.right().evaluate());
        }
        return list;
    }

    private static boolean compared(String symbol, @Nullable Object left, @Nullable Object right) throws WhenProblem {
        int order;
        if (left instanceof Double first && right instanceof Double second) {
            order = first.compareTo(second);
        } else if (left instanceof String first && right instanceof String second) {
            order = first.compareTo(second);
        } else {
            throw wrong(COMPARATOR, left, symbol);
        }
        return switch (symbol) {
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            case "<" -> order < 0;
            default -> order <= 0;
        };
    }

    private static boolean matched(String symbol, @Nullable Object left, @Nullable Object right, Budget budget)
            throws WhenProblem {
        if (!(left instanceof String text)) {
            throw wrong(COMPARATOR, left, symbol);
        }
        if (!(right instanceof String pattern)) {
            throw wrong(COMPARATOR, right, symbol);
        }
        try {
            return budget.matcher(pattern, text).find();
        } catch (ExprProblem problem) {
            throw new WhenProblem("Unable to compile regexp pattern '" + pattern + "': " + problem.show(""));
        }
    }

    private static Object calculated(String symbol, @Nullable Object left, @Nullable Object right) throws WhenProblem {
        if (symbol.equals("+") && (left instanceof String || right instanceof String)) {
            return GoFormat.show(left) + GoFormat.show(right);
        }
        if (!(left instanceof Double first)) {
            throw wrong(MODIFIER, left, symbol);
        }
        if (!(right instanceof Double second)) {
            throw wrong(MODIFIER, right, symbol);
        }
        return switch (symbol) {
            case "+" -> first + second;
            case "-" -> first - second;
            case "*" -> first * second;
            case "/" -> first / second;
            case "%" -> first % second;
            case "**" -> Math.pow(first, second);
            case "&" -> (double) (first.longValue() & second.longValue());
            case "|" -> (double) (first.longValue() | second.longValue());
            case "^" -> (double) (first.longValue() ^ second.longValue());
            case "<<" -> (double) (first.longValue() << second.longValue());
            default -> (double) (first.longValue() >> second.longValue());
        };
    }
}
