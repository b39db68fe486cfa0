package io.tiphys.local.apiserver;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A quantity of Kubernetes, such as {@code 100m}, {@code 64Mi} or {@code 1e3}.
 *
 * @param binary whether it is written with powers of 1024
 */
record Amount(BigDecimal value, boolean binary) {
    static final Amount ZERO = new Amount(BigDecimal.ZERO, false);

    private static final Pattern WRITTEN =
            Pattern.compile("([+-]?[0-9]*\\.?[0-9]+|[+-]?[0-9]+\\.)([eE][+-]?[0-9]+|[KMGTPE]i|[numkMGTPE]|)");
    private static final List<String> BINARY = List.of("Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("k", "M", "G", "T", "P", "E");
    private static final Map<String, Integer> SMALL = Map.of("m", 3, "u", 6, "n", 9);

    /** @throws ApiException if it is none */
    static Amount parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw ApiException.badRequest("quantities must match the regular expression of Kubernetes, \"" + text
                    + "\" doesn't; write for example 500m, 1 or 64Mi");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2);
        if (suffix.endsWith("i")) {
            BigInteger factor = BigInteger.valueOf(1024).pow(BINARY.indexOf(suffix) + 1);
            return new Amount(number.multiply(new BigDecimal(factor)), true);
        }
        if (SMALL.containsKey(suffix)) {
            return new Amount(number.movePointLeft(SMALL.get(suffix)), false);
        }
        if (DECIMAL.contains(suffix)) {
            return new Amount(number.movePointRight(3 * (DECIMAL.indexOf(suffix) + 1)), false);
        }
        return new Amount(suffix.isEmpty() ? number : new BigDecimal(matcher.group(1) + suffix), false);
    }

    static Amount of(long number) {
        return new Amount(BigDecimal.valueOf(number), false);
    }

    Amount plus(Amount other) {
        return new Amount(value.add(other.value), value.signum() == 0 ? other.binary : binary);
    }

    Amount max(Amount other) {
        return value.compareTo(other.value) >= 0 ? this : other;
    }

    boolean exceeds(Amount limit) {
        return value.compareTo(limit.value) > 0;
    }

    /** With the largest suffix that leaves a whole number. */
    @Override
    public String toString() {
        BigDecimal plain = value.stripTrailingZeros();
        if (plain.signum() == 0) {
            return "0";
        }
        if (plain.scale() > 0) {
            int places = plain.scale() <= 3 ? 3 : plain.scale() <= 6 ? 6 : 9;
            String suffix = places == 3 ? "m" : places == 6 ? "u" : "n";
            return plain.movePointRight(places).toBigInteger() + suffix;
        }
        BigInteger whole = plain.toBigInteger();
        BigInteger step = BigInteger.valueOf(binary ? 1024 : 1000);
        int steps = 0;
        while (steps < DECIMAL.size() && whole.mod(step).signum() == 0) {
            whole = whole.divide(step);
            steps++;
        }
        return whole + (steps == 0 ? "" : (binary ? BINARY : DECIMAL).get(steps - 1));
    }
}
