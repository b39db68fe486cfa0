package io.tiphys.expression;

import java.math.BigInteger;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Go's {@code fmt}: what {@code %v} shows, and {@code Sprintf} of one whole number, which {@code withSequence.format} is. */
public final class GoFormat {
    private static final int MAX_WIDTH = 10_000;

    private final String format;
    private final long argument;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private boolean used;

    private GoFormat(String format, long argument) {
        this.format = format;
        this.argument = argument;
    }

    /**
     * {@code fmt.Sprintf(format, argument)}, with Go's notes in the text where the format doesn't fit: {@code %!s(int=5)},
     * {@code %!(EXTRA int=5)}.
     */
    public static String format(String format, long argument) {
        return new GoFormat(format, argument).run();
    }

    /** The value as {@code %v} shows it. */
    public static String show(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Double number -> GoNumbers.show(number);
            case List<?> list -> {
                StringJoiner text = new StringJoiner(" ", "[", "]");
                list.forEach(element -> text.add(show(element)));
                yield text.toString();
            }
            case Map<?, ?> map -> {
                StringJoiner text = new StringJoiner(" ", "map[", "]");
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((key, element) -> sorted.put(show(key), element));
                sorted.forEach((key, element) -> text.add(key + ":" + show(element)));
                yield text.toString();
            }
            case Duration duration -> GoDuration.format(duration);
            case ZonedDateTime time -> GoTime.format(time, "2006-01-02 15:04:05.999999999 -0700 MST");
            default -> value.toString();
        };
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at == format.length()) {
                out.append("%!(NOVERB)");
            } else {
                verb();
            }
        }
        if (!used) {
            out.append("%!(EXTRA int=").append(argument).append(')');
        }
        return out.toString();
    }

    private void verb() {
        int start = at;
        while (at < format.length() && "+-# 0".indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flags = format.substring(start, at);
        int width = number();
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = Math.max(0, number());
        }
        if (at == format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        if (width > MAX_WIDTH || precision > MAX_WIDTH) {
            out.append("%!(BADWIDTH)");
        }
        char verb = format.charAt(at++);
        if (verb == '%') {
            out.append('%');
            return;
        }
        if (used) {
            out.append("%!").append(verb).append("(MISSING)");
            return;
        }
        used = true;
        out.append(convert(verb, flags, Math.min(width, MAX_WIDTH), Math.min(precision, MAX_WIDTH)));
    }

    private int number() {
        int value = -1;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            value = Math.min(Math.max(value, 0) * 10 + (format.charAt(at) - '0'), MAX_WIDTH + 1);
            at++;
        }
        return value;
    }

    private String convert(char verb, String flags, int width, int precision) {
        return switch (verb) {
            case 'd', 'v' -> integer(Long.toString(argument), "", flags, width, precision);
            case 'b' -> integer(radix(2), "0b", flags, width, precision);
            case 'o' -> integer(radix(8), "0", flags, width, precision);
            case 'O' -> integer(radix(8), "0o", flags + "#", width, precision);
            case 'x' -> integer(radix(16), "0x", flags, width, precision);
            case 'X' -> integer(radix(16).toUpperCase(java.util.Locale.ROOT), "0X", flags, width, precision);
            case 'c' -> pad(character(), flags.replace("0", ""), width);
            case 'q' -> pad("'" + character() + "'", flags.replace("0", ""), width);
            case 'U' -> pad(String.format("U+%04X", argument), flags.replace("0", ""), width);
            case 'T' -> pad("int", flags, width);
            default -> "%!" + verb + "(int=" + argument + ")";
        };
    }

    private String radix(int radix) {
        return BigInteger.valueOf(argument).toString(radix);
    }

    private String character() {
        boolean valid = argument >= 0 && argument <= Character.MAX_CODE_POINT;
        return Character.toString(valid ? (int) argument : 0xFFFD);
    }

    private static String integer(String digits, String prefix, String flags, int width, int precision) {
        boolean negative = digits.startsWith("-");
        String size = negative ? digits.substring(1) : digits;
        String sign = negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        String lead = sign + (flags.contains("#") ? prefix : "");
        size = "0".repeat(Math.max(0, precision - size.length())) + size;
        if (flags.contains("0") && !flags.contains("-") && precision < 0) {
            size = "0".repeat(Math.max(0, width - sign.length() - size.length())) + size;
        }
        return pad(lead + size, flags, width);
    }

    private static String pad(String text, String flags, int width) {
        String spaces = " ".repeat(Math.max(0, width - text.length()));
        return flags.contains("-") ? text + spaces : spaces + text;
    }
}
