package io.tiphys.expression;

import java.math.BigDecimal;

/** How Go writes floating point numbers. */
final class GoNumbers {
    private GoNumbers() {}

    /** As {@code encoding/json}: plain digits between 1e-6 and 1e21. */
    static String json(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new ExprProblem("json: unsupported value: " + special(number));
        }
        double size = Math.abs(number);
        return size != 0 && (size < 1e-6 || size >= 1e21) ? exponential(number, 1) : plain(number);
    }

    /** As {@code %v}: plain digits for exponents from -4 to 5. */
    static String show(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return special(number);
        }
        double size = Math.abs(number);
        return size != 0 && (size < 1e-4 || size >= 1e6) ? exponential(number, 2) : plain(number);
    }

    private static String special(double number) {
        return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    }

    private static String plain(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return number == 0 && 1 / number < 0 ? "-0" : Long.toString((long) number);
        }
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static String exponential(double number, int exponentDigits) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String power = Integer.toString(Math.abs(exponent));
        return (number < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + "0".repeat(Math.max(0, exponentDigits - power.length())) + power;
    }
}
