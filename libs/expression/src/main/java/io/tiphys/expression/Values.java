package io.tiphys.expression;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What can be done with the values of expressions, by Go's and expr-lang's rules. */
final class Values {
    private Values() {}

    /** The name of the value's type, as Go shows it. */
    static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Double _ -> "float64";
            case String _ -> "string";
            case List<?> _ -> "[]interface {}";
            case Map<?, ?> _ -> "map[string]interface {}";
            case ZonedDateTime _ -> "time.Time";
            case Duration _ -> "time.Duration";
            default -> value.getClass().getSimpleName();
        };
    }

    static String string(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new ExprProblem("interface conversion: interface {} is " + typeName(value) + ", not string");
    }

    static long integer(@Nullable Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number.longValue();
            case null, default -> throw new ExprProblem("invalid operation: int(" + typeName(value) + ")");
        };
    }

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number first && right instanceof Number second) {
            return (first instanceof Long a && second instanceof Long b)
                    ? a.longValue() == b.longValue()
                    : first.doubleValue() == second.doubleValue();
        }
        if (left instanceof List<?> first && right instanceof List<?> second) {
            return equalLists(first, second);
        }
        if (left instanceof Map<?, ?> first && right instanceof Map<?, ?> second) {
            return first.size() == second.size()
                    && first.entrySet().stream()
                            .allMatch(
                                    e -> second.containsKey(e.getKey()) && equal(e.getValue(), second.get(e.getKey())));
        }
        if (left instanceof ZonedDateTime first && right instanceof ZonedDateTime second) {
            return first.isEqual(second);
        }
        return Objects.equals(left, right);
    }

    private static boolean equalLists(List<?> first, List<?> second) {
        if (first.size() != second.size()) {
            return false;
        }
        Iterator<?> other = second.iterator();
        for (Object element : first) {
            if (!equal(element, other.next())) {
                return false;
            }
        }
        return true;
    }

    static int compare(@Nullable Object left, @Nullable Object right, String operator) {
        if (left instanceof Number first && right instanceof Number second) {
            return (first instanceof Long a && second instanceof Long b)
                    ? Long.compare(a, b)
                    : Double.compare(first.doubleValue(), second.doubleValue());
        }
        if (left instanceof String first && right instanceof String second) {
            return first.compareTo(second);
        }
        if (left instanceof ZonedDateTime first && right instanceof ZonedDateTime second) {
            return first.toInstant().compareTo(second.toInstant());
        }
        if (left instanceof Duration first && right instanceof Duration second) {
            return first.compareTo(second);
        }
        throw mismatch(operator, left, right);
    }

    static ExprProblem mismatch(String operator, @Nullable Object left, @Nullable Object right) {
        return new ExprProblem("invalid operation: " + typeName(left) + " " + operator + " " + typeName(right));
    }

    static boolean in(@Nullable Object element, @Nullable Object container) {
        return switch (container) {
            case null -> false;
            case List<?> list -> list.stream().anyMatch(each -> equal(each, element));
            case Map<?, ?> map -> map.containsKey(element);
            default -> throw new ExprProblem("operator \"in\" not defined on " + typeName(container));
        };
    }

    static @Nullable Object fetch(@Nullable Object of, @Nullable Object property) {
        return switch (of) {
            case Map<?, ?> map -> map.get(property);
            case List<?> list -> list.get(index(property, list.size()));
            case String text -> (long) text.charAt(index(property, text.length()));
            case null, default ->
                throw new ExprProblem("cannot fetch " + GoFormat.show(property) + " from " + typeName(of));
        };
    }

    private static int index(@Nullable Object property, int length) {
        long index = integer(property);
        long at = index < 0 ? length + index : index;
        if (at < 0 || at >= length) {
            throw new ExprProblem("index out of range: " + at + " (array length is " + length + ")");
        }
        return (int) at;
    }

    /** {@code + - * / % **} on numbers. */
    static Object arithmetic(Operator operator, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Long first && right instanceof Long second) {
            return integers(operator, first, second);
        }
        if (left instanceof Number first && right instanceof Number second && operator != Operator.MODULO) {
            return floats(operator, first.doubleValue(), second.doubleValue());
        }
        if (operator == Operator.TIMES && left instanceof Duration duration && right instanceof Number factor) {
            return times(duration, factor);
        }
        if (operator == Operator.TIMES && left instanceof Number factor && right instanceof Duration duration) {
            return times(duration, factor);
        }
        throw mismatch(operator.symbol, left, right);
    }

    private static Duration times(Duration duration, Number factor) {
        return factor instanceof Double fraction
                ? Duration.ofNanos((long) (fraction * duration.toNanos()))
                : duration.multipliedBy(factor.longValue());
    }

    private static Object integers(Operator operator, long first, long second) {
        return switch (operator) {
            case PLUS -> first + second;
            case MINUS -> first - second;
            case TIMES -> first * second;
            case MODULO -> {
                if (second == 0) {
                    throw new ExprProblem("runtime error: integer divide by zero");
                }
                yield first % second;
            }
            default -> floats(operator, (double) first, (double) second);
        };
    }

    private static Object floats(Operator operator, double first, double second) {
        return switch (operator) {
            case PLUS -> first + second;
            case MINUS -> first - second;
            case TIMES -> first * second;
            case DIVIDE -> first / second;
            case POWER -> Math.pow(first, second);
            default -> throw new IllegalStateException(operator + " is not for floats");
        };
    }

    static String toJson(@Nullable Object value) {
        return GoJson.compact(value);
    }
}
