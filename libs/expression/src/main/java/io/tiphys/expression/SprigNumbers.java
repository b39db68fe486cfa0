package io.tiphys.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on numbers. */
final class SprigNumbers {
    private SprigNumbers() {}

    static void register(Map<String, Function> functions) {
        functions.put("int", a -> integer(a.expect(1).get(0)));
        functions.put("int64", a -> integer(a.expect(1).get(0)));
        functions.put("atoi", a -> integer(a.expect(1).text(0)));
        functions.put("float64", a -> decimal(a.expect(1).get(0)));
        functions.put("toDecimal", a -> octal(GoFormat.show(a.expect(1).get(0))));
        functions.put("add", a -> fold(a, 0, Long::sum));
        functions.put("add1", a -> integer(a.expect(1).get(0)) + 1);
        functions.put("sub", a -> integer(a.expect(2).get(0)) - integer(a.get(1)));
        functions.put("mul", a -> fold(a.expect(1, Integer.MAX_VALUE), 1, (x, y) -> x * y));
        functions.put("div", a -> integer(a.expect(2).get(0)) / divisor(a.get(1)));
        functions.put("mod", a -> integer(a.expect(2).get(0)) % divisor(a.get(1)));
        functions.put("max", a -> fold(a.expect(1, Integer.MAX_VALUE), Long.MIN_VALUE, Math::max));
        functions.put("biggest", a -> fold(a.expect(1, Integer.MAX_VALUE), Long.MIN_VALUE, Math::max));
        functions.put("min", a -> fold(a.expect(1, Integer.MAX_VALUE), Long.MAX_VALUE, Math::min));
        functions.put("addf", a -> decimals(a, BigDecimal::add));
        functions.put("add1f", a -> decimal(a.expect(1).get(0)) + 1);
        functions.put("subf", a -> decimals(a, BigDecimal::subtract));
        functions.put("mulf", a -> decimals(a, BigDecimal::multiply));
        functions.put(
                "divf",
                a -> decimals(a, (x, y) -> {
                    if (y.signum() == 0) {
                        throw new ExprProblem("decimal division by 0");
                    }
                    return x.divide(y, 16, java.math.RoundingMode.HALF_UP);
                }));
        functions.put("maxf", a -> decimals(a, BigDecimal::max));
        functions.put("minf", a -> decimals(a, BigDecimal::min));
        functions.put("floor", a -> Math.floor(decimal(a.expect(1).get(0))));
        functions.put("ceil", a -> Math.ceil(decimal(a.expect(1).get(0))));
        functions.put(
                "round", a -> round(decimal(a.expect(2, 3).get(0)), a.count(1), a.count() == 3 ? a.number(2) : 0.5));
        functions.put("until", a -> range(0, a.expect(1).integer(0), a.integer(0) < 0 ? -1 : 1, a.budget()));
        functions.put("untilStep", a -> range(a.expect(3).integer(0), a.integer(1), a.integer(2), a.budget()));
        functions.put("seq", SprigNumbers::sequence);
    }

    /** As the cast library does it: what can't be converted is 0. */
    static long integer(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.longValue();
            case Boolean bool -> bool ? 1 : 0;
            case String text -> {
                try {
                    yield Long.parseLong(text);
                } catch (NumberFormatException e) {
                    yield 0;
                }
            }
            case null, default -> 0;
        };
    }

    private static double decimal(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean bool -> bool ? 1 : 0;
            case String text -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    yield 0;
                }
            }
            case null, default -> 0;
        };
    }

    private static long octal(String text) {
        try {
            return Long.parseLong(text, 8);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static long divisor(@Nullable Object value) {
        long divisor = integer(value);
        if (divisor == 0) {
            throw new ExprProblem("runtime error: integer divide by zero");
        }
        return divisor;
    }

    private static long fold(Arguments arguments, long start, LongBinaryOperator operation) {
        long result = start;
        for (Object value : arguments.all()) {
            result = operation.applyAsLong(result, integer(value));
        }
        return result;
    }

    private static double decimals(Arguments arguments, BinaryOperator<BigDecimal> operation) {
        BigDecimal result = new BigDecimal(
                Double.toString(decimal(arguments.expect(1, Integer.MAX_VALUE).get(0))));
        for (int i = 1; i < arguments.count(); i++) {
            result = operation.apply(result, new BigDecimal(Double.toString(decimal(arguments.get(i)))));
        }
        return result.doubleValue();
    }

    private static double round(double value, int places, double roundOn) {
        double power = Math.pow(10, places);
        double digit = power * value;
        double whole = digit < 0 ? Math.ceil(digit) : Math.floor(digit);
        return (digit - whole >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power;
    }

    private static List<Object> range(long start, long stop, long step, Budget budget) {
        List<Object> range = new ArrayList<>();
        if (step == 0 || (stop < start) == (step > 0)) {
            return range;
        }
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            budget.elements(1);
            range.add(i);
        }
        return range;
    }

    private static String sequence(Arguments arguments) {
        arguments.expect(0, 3);
        if (arguments.count() == 0) {
            return "";
        }
        long start = arguments.count() == 1 ? 1 : arguments.integer(0);
        long end = arguments.integer(arguments.count() - 1);
        long direction = end < start ? -1 : 1;
        long step = arguments.count() == 3 ? arguments.integer(1) : direction;
        StringJoiner out = new StringJoiner(" ");
        range(start, end + direction, step, arguments.budget()).forEach(number -> out.add(number.toString()));
        return out.toString();
    }
}
