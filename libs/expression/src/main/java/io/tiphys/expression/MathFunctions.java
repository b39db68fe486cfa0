package io.tiphys.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions on numbers. */
final class MathFunctions {
    private MathFunctions() {}

    static void register(Map<String, Function> functions) {
        functions.put(
                "abs",
                a -> a.expect(1).get(0) instanceof Long number ? (Object) Math.abs(number) : Math.abs(a.number(0)));
        functions.put("ceil", a -> Math.ceil(a.expect(1).number(0)));
        functions.put("floor", a -> Math.floor(a.expect(1).number(0)));
        functions.put("round", a -> round(a.expect(1).number(0)));
        functions.put("max", a -> extreme(a, 1));
        functions.put("min", a -> extreme(a, -1));
        functions.put("mean", a -> mean(numbers(a)));
        functions.put("median", a -> median(numbers(a)));
        bits(functions, "bitand", (x, y) -> x & y);
        bits(functions, "bitor", (x, y) -> x | y);
        bits(functions, "bitxor", (x, y) -> x ^ y);
        bits(functions, "bitnand", (x, y) -> x & ~y);
        bits(functions, "bitshl", (x, y) -> shift(y) > 63 ? 0 : x << y);
        bits(functions, "bitshr", (x, y) -> x >> Math.min(shift(y), 63));
        bits(functions, "bitushr", (x, y) -> shift(y) > 63 ? 0 : x >>> y);
        functions.put("bitnot", a -> ~a.expect(1).integer(0));
    }

    /** Half away from zero, as Go does. */
    static double round(double number) {
        return Math.copySign(Math.floor(Math.abs(number) + 0.5), number);
    }

    private static void bits(Map<String, Function> functions, String name, LongBinaryOperator operation) {
        functions.put(name, a -> operation.applyAsLong(a.expect(2).integer(0), a.integer(1)));
    }

    private static long shift(long count) {
        if (count < 0) {
            throw new ExprProblem("invalid operation: negative shift count " + count + " (type int)");
        }
        return count;
    }

    private static List<Number> numbers(Arguments arguments) {
        List<@Nullable Object> flat = new ArrayList<>();
        Lists.flatten(
                Collections.unmodifiableList(Arrays.<@Nullable Object>asList(
                        arguments.expect(1, Integer.MAX_VALUE).all())),
                flat,
                arguments.budget());
        List<Number> numbers = new ArrayList<>();
        for (Object value : flat) {
            if (!(value instanceof Number number)) {
                throw new ExprProblem("expected numbers but got " + Values.typeName(value));
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static @Nullable Object extreme(Arguments arguments, int direction) {
        Number best = null;
        for (Number number : numbers(arguments)) {
            if (best == null || direction * Values.compare(number, best, "<") > 0) {
                best = number;
            }
        }
        return best;
    }

    private static double mean(List<Number> numbers) {
        return numbers.stream().mapToDouble(Number::doubleValue).average().orElse(0);
    }

    private static double median(List<Number> numbers) {
        double[] sorted =
                numbers.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return 0;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
