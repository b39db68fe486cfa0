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

    static WhenStage binary(String symbol, WhenStage left, WhenStage right) {
        return switch (symbol) {
            case "&&", "||" -> logical(symbol, left, right);
            case "?", ":", "??" -> ternary(symbol, left, right);
            case "," -> () -> listed(left.evaluate(), right.evaluate());
            case "==" -> () -> Objects.equals(left.evaluate(), right.evaluate());
            case "!=" -> () -> !Objects.equals(left.evaluate(), right.evaluate());
            case ">", ">=", "<", "<=" -> () -> compared(symbol, left.evaluate(), right.evaluate());
            case "=~", "!~" -> () -> matched(symbol, left.evaluate(), right.evaluate()) == symbol.equals("=~");
            case "in" ->
                () -> {
                    Object element = left.evaluate();
                    Object list = right.evaluate();
                    if (list instanceof List<?> elements) {
                        return elements.contains(element);
                    }
                    throw wrong(COMPARATOR, list, symbol);
                };
            default -> () -> calculated(symbol, left.evaluate(), right.evaluate());
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

    private static WhenStage logical(String symbol, WhenStage left, WhenStage right) {
        boolean decisive = symbol.equals("||");
        return () -> {
            Object first = left.evaluate();
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
        };
    }

    private static WhenStage ternary(String symbol, WhenStage left, WhenStage right) {
        return () -> {
            Object first = left.evaluate();
            if (!symbol.equals("?")) {
                return first != null ? first : right.evaluate();
            }
            if (first instanceof Boolean bool) {
                return bool ? right.evaluate() : null;
            }
            throw wrong(TERNARY, first, symbol);
        };
    }

    private static List<@Nullable Object> listed(@Nullable Object left, @Nullable Object right) {
        List<@Nullable Object> list = new ArrayList<>();
        if (left instanceof List<?> before) {
            list.addAll(before);
        } else {
            list.add(left);
        }
        list.add(right);
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

    private static boolean matched(String symbol, @Nullable Object left, @Nullable Object right) throws WhenProblem {
        if (!(left instanceof String text)) {
            throw wrong(COMPARATOR, left, symbol);
        }
        if (!(right instanceof String pattern)) {
            throw wrong(COMPARATOR, right, symbol);
        }
        try {
            return Patterns.compile(pattern).matcher(text).find();
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
