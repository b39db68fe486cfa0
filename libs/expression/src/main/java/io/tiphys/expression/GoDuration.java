package io.tiphys.expression;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Go's texts for durations: {@code 1h30m}, {@code 1.5s}, {@code 300ms}. */
public final class GoDuration {
    private static final Map<String, Long> NANOS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "μs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** As Go's {@code time.ParseDuration}; empty if the text is no duration. */
    public static Optional<Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (at == text.length() || text.length() > 100) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        while (at < text.length()) {
            int unitStart = skip(text, at, true);
            int unitEnd = skip(text, unitStart, false);
            Long unit = NANOS.get(text.substring(unitStart, unitEnd));
            String number = text.substring(at, unitStart);
            if (unit == null
                    || number.isEmpty()
                    || number.equals(".")
                    || number.indexOf('.') != number.lastIndexOf('.')) {
                return Optional.empty();
            }
            nanos = nanos.add(
                    new BigDecimal(number.endsWith(".") ? number + "0" : number).multiply(BigDecimal.valueOf(unit)));
            at = unitEnd;
        }
        if (nanos.compareTo(MAX) > 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
    }

    /** As Argo reads durations of its own fields: a bare whole number is seconds, everything else is Go's. */
    public static Optional<Duration> parseOrSeconds(String text) {
        if (!text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return parse(text);
    }

    /** As Go's {@code Duration.String}: {@code 1h0m0s}, {@code 1.5s}, {@code 300ms}, {@code 0s}. */
    public static String format(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long size = Math.abs(nanos);
        if (size < 1_000L) {
            return sign + size + "ns";
        }
        if (size < 1_000_000L) {
            return sign + decimal(size, 3) + "µs";
        }
        if (size < 1_000_000_000L) {
            return sign + decimal(size, 6) + "ms";
        }
        long minutes = size / 60_000_000_000L;
        String seconds = decimal(size % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static int skip(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length()
                && (text.charAt(at) == '.' || (text.charAt(at) >= '0' && text.charAt(at) <= '9')) == digits) {
            at++;
        }
        return at;
    }

    private static String decimal(long value, int scale) {
        BigDecimal decimal = BigDecimal.valueOf(value, scale).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0).toString() : decimal.toPlainString();
    }
}
