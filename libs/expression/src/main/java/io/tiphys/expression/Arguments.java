package io.tiphys.expression;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, with the conversions that functions ask for, and what one evaluation may use. */
final class Arguments {
    private static final List<String> WHOM_FOR =
            List.of("workflow.uid", "workflow.name", "node.name", "pod.name", "retries", "item");

    private final String function;
    private final @Nullable Object[] values;
    private final Budget budget;
    private final Scope scope;

    Arguments(String function, @Nullable Object[] values, Budget budget, Scope scope) {
        this.function = function;
        this.values = values;
        this.budget = budget;
        this.scope = scope;
    }

    int count() {
        return values.length;
    }

    Arguments expect(int count) {
        return expect(count, count);
    }

    Arguments expect(int min, int max) {
        if (values.length < min || values.length > max) {
            String expected = min == max
                    ? "expected " + min
                    : max == Integer.MAX_VALUE ? "expected at least " + min : "expected " + min + " to " + max;
            throw new ExprProblem(
                    "invalid number of arguments for " + function + " (" + expected + ", got " + values.length + ")");
        }
        return this;
    }

    @Nullable
    Object get(int index) {
        return values[index];
    }

    @Nullable
    Object[] all() {
        return values;
    }

    /** Sprig's functions are called by reflection: nil is the zero of the parameter's type, and a float is no int. */
    private boolean reflective() {
        return function.startsWith("sprig.");
    }

    String text(int index) {
        if (values[index] == null && reflective()) {
            return "";
        }
        if (values[index] instanceof String text) {
            return text;
        }
        throw wrong(index, "string");
    }

    String text(int index, String otherwise) {
        return index < values.length ? text(index) : otherwise;
    }

    long integer(int index) {
        Object value = values[index];
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Double number && !reflective()) {
            return number.longValue();
        }
        if (value == null && reflective()) {
            return 0;
        }
        throw wrong(index, "int");
    }

    int count(int index) {
        return Math.clamp(integer(index), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    double number(int index) {
        if (values[index] instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(index, "number");
    }

    boolean bool(int index) {
        if (values[index] instanceof Boolean bool) {
            return bool;
        }
        if (values[index] == null && reflective()) {
            return false;
        }
        throw wrong(index, "bool");
    }

    List<?> list(int index) {
        if (values[index] instanceof List<?> list) {
            return list;
        }
        throw wrong(index, "array");
    }

    Map<?, ?> map(int index) {
        if (values[index] instanceof Map<?, ?> map) {
            return map;
        }
        if (values[index] == null && reflective()) {
            return Map.of();
        }
        throw wrong(index, "map");
    }

    Budget budget() {
        return budget;
    }

    /** For the drawing of lots: another one for each call, the same when the same is evaluated at the same time for the same node. */
    Random random() {
        long seed = now().hashCode();
        for (String name : WHOM_FOR) {
            Object value = scope.get(name);
            seed = seed * 31 + (value == null ? 0 : value.hashCode());
        }
        return new Random(seed * 31 + budget.position());
    }

    Instant now() {
        Instant now = scope.now();
        if (now == null) {
            throw new ExprProblem("the current time is not available here");
        }
        return now;
    }

    private ExprProblem wrong(int index, String expected) {
        return new ExprProblem("invalid argument for " + function + " (expected " + expected + ", got "
                + Values.typeName(values[index]) + ")");
    }
}
