package io.tiphys.engine.scope;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** C's {@code strftime}, one letter at a time, as {@code workflow.creationTimestamp.%Y} needs it. UTC. */
final class Strftime {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"),
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('f', "SSSSSS"),
            Map.entry('L', "SSS"),
            Map.entry('Z', "'UTC'"),
            Map.entry('z', "'+0000'"));

    private Strftime() {}

    /** Null for a format that isn't one. */
    static @Nullable String format(String format, Instant time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            String letter = c == '%' ? null : String.valueOf(c);
            if (c == '%') {
                if (++i == format.length()) {
                    return null;
                }
                String pattern = PATTERNS.get(format.charAt(i));
                if (pattern == null) {
                    return null;
                }
                letter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC)
                        .format(time);
            } else if (format.length() == 1) {
                return format("%" + c, time);
            }
            out.append(letter);
        }
        return out.isEmpty() ? null : out.toString();
    }
}
