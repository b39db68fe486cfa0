package io.tiphys.expression;

import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Set;

/** The {@code strftime} subset that {@code workflow.creationTimestamp.%X} offers. */
public final class Strftime {
    private static final Map<Character, String> LAYOUTS = Map.ofEntries(
            Map.entry('B', "January"),
            Map.entry('b', "Jan"),
            Map.entry('m', "01"),
            Map.entry('A', "Monday"),
            Map.entry('a', "Mon"),
            Map.entry('d', "02"),
            Map.entry('H', "15"),
            Map.entry('I', "03"),
            Map.entry('M', "04"),
            Map.entry('S', "05"),
            Map.entry('Y', "2006"),
            Map.entry('y', "06"),
            Map.entry('p', "PM"),
            Map.entry('Z', "MST"),
            Map.entry('z', "-0700"),
            Map.entry('L', ".000"));

    private Strftime() {}

    /** The characters that may follow a percent sign. */
    public static Set<Character> characters() {
        return LAYOUTS.keySet();
    }

    /** The time by a format; unknown sequences stay as they are. */
    public static String format(String format, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char conversion = format.charAt(++i);
            String layout = LAYOUTS.get(conversion);
            if (layout != null) {
                out.append(GoTime.format(time, layout));
            } else if (conversion == '%') {
                out.append('%');
            } else {
                out.append('%').append(conversion);
            }
        }
        return out.toString();
    }
}
