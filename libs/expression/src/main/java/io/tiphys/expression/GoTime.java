package io.tiphys.expression;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Times written by example, as Go does it: {@code 2006-01-02T15:04:05Z07:00}. */
public final class GoTime {
    /** Elements of layouts, the longer ones first. */
    private static final List<Map.Entry<String, String>> ELEMENTS = List.of(
            Map.entry("January", "MMMM"),
            Map.entry("Monday", "EEEE"),
            Map.entry("Z07:00", "XXX"),
            Map.entry("-07:00", "xxx"),
            Map.entry("Z0700", "XX"),
            Map.entry("-0700", "xx"),
            Map.entry("2006", "uuuu"),
            Map.entry("002", "DDD"),
            Map.entry("Jan", "MMM"),
            Map.entry("Mon", "EEE"),
            Map.entry("MST", "z"),
            Map.entry("Z07", "X"),
            Map.entry("-07", "x"),
            Map.entry("01", "MM"),
            Map.entry("02", "dd"),
            Map.entry("03", "hh"),
            Map.entry("04", "mm"),
            Map.entry("05", "ss"),
            Map.entry("06", "uu"),
            Map.entry("15", "HH"),
            Map.entry("PM", "a"),
            Map.entry("pm", "a"),
            Map.entry("_2", "ppd"),
            Map.entry("1", "M"),
            Map.entry("2", "d"),
            Map.entry("3", "h"),
            Map.entry("4", "m"),
            Map.entry("5", "s"));

    private static final List<String> DEFAULT_LAYOUTS = List.of(
            "2006-01-02",
            "15:04:05",
            "2006-01-02 15:04:05",
            "2006-01-02T15:04:05Z07:00",
            "02 Jan 06 15:04 MST",
            "Monday, 02-Jan-06 15:04:05 MST",
            "Mon, 02 Jan 2006 15:04:05 MST");

    private GoTime() {}

    /** The time in Go's layout. */
    public static String format(ZonedDateTime time, String layout) {
        // Java would call it Z
        boolean utc = time.getZone().equals(ZoneOffset.UTC) && layout.contains("MST");
        return formatter(layout, true).format(utc ? time.withZoneSameInstant(ZoneId.of("UTC")) : time);
    }

    /** The time of a text; ExprProblem where it doesn't fit the layout. */
    static ZonedDateTime parse(String layout, String text, ZoneId zone) {
        return tryParse(layout, text, zone)
                .orElseThrow(
                        () -> new ExprProblem("parsing time \"" + text + "\" as \"" + layout + "\": cannot parse"));
    }

    static Optional<ZonedDateTime> tryParse(String layout, String text, ZoneId zone) {
        try {
            return Optional.of(complete(formatter(layout, false).parse(text), zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A time in one of the usual layouts. */
    static ZonedDateTime parseAny(String text, ZoneId zone) {
        for (String layout : DEFAULT_LAYOUTS) {
            Optional<ZonedDateTime> time = tryParse(layout, text, zone);
            if (time.isPresent()) {
                return time.get();
            }
        }
        throw new ExprProblem("invalid date " + text);
    }

    static ZoneId zone(String name) {
        try {
            return name.isEmpty() || name.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new ExprProblem("unknown time zone " + name);
        }
    }

    private static ZonedDateTime complete(TemporalAccessor parsed, ZoneId fallback) {
        ZoneId zone = parsed.query(TemporalQueries.zone());
        LocalDateTime time = LocalDateTime.of(
                parsed.isSupported(ChronoField.YEAR) ? parsed.get(ChronoField.YEAR) : 0,
                parsed.isSupported(ChronoField.MONTH_OF_YEAR) ? parsed.get(ChronoField.MONTH_OF_YEAR) : 1,
                parsed.isSupported(ChronoField.DAY_OF_MONTH) ? parsed.get(ChronoField.DAY_OF_MONTH) : 1,
                parsed.isSupported(ChronoField.HOUR_OF_DAY) ? parsed.get(ChronoField.HOUR_OF_DAY) : 0,
                parsed.isSupported(ChronoField.MINUTE_OF_HOUR) ? parsed.get(ChronoField.MINUTE_OF_HOUR) : 0,
                parsed.isSupported(ChronoField.SECOND_OF_MINUTE) ? parsed.get(ChronoField.SECOND_OF_MINUTE) : 0,
                parsed.isSupported(ChronoField.NANO_OF_SECOND) ? parsed.get(ChronoField.NANO_OF_SECOND) : 0);
        return time.atZone(zone == null ? fallback : zone);
    }

    private static DateTimeFormatter formatter(String layout, boolean forOutput) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        List<String> patterns = new ArrayList<>();
        int at = 0;
        while (at < layout.length()) {
            int taken = fraction(layout, at, builder);
            if (taken == 0) {
                taken = element(layout, at, builder, patterns);
            }
            if (taken == 0) {
                builder.appendLiteral(layout.charAt(at));
                taken = 1;
            }
            at += taken;
            if (!forOutput
                    && (patterns.contains("ss") || patterns.contains("s"))
                    && !layout.startsWith(".", at)
                    && !patterns.contains("S")) {
                builder.appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true);
                patterns.add("S");
            }
        }
        return builder.toFormatter(Locale.ENGLISH);
    }

    private static int element(String layout, int at, DateTimeFormatterBuilder builder, List<String> patterns) {
        for (Map.Entry<String, String> element : ELEMENTS) {
            if (layout.startsWith(element.getKey(), at)) {
                if (element.getValue().equals("uu")) {
                    builder.appendValueReduced(ChronoField.YEAR, 2, 2, 1969);
                } else {
                    builder.appendPattern(element.getValue());
                }
                patterns.add(element.getValue());
                return element.getKey().length();
            }
        }
        return 0;
    }

    /** {@code .000} is always written, {@code .999} without trailing zeros. */
    private static int fraction(String layout, int at, DateTimeFormatterBuilder builder) {
        char point = layout.charAt(at);
        if ((point != '.' && point != ',') || at + 1 == layout.length()) {
            return 0;
        }
        char digit = layout.charAt(at + 1);
        if (digit != '0' && digit != '9') {
            return 0;
        }
        int end = at + 1;
        while (end < layout.length() && layout.charAt(end) == digit) {
            end++;
        }
        int digits = Math.min(end - at - 1, 9);
        if (end < layout.length() && Character.isDigit(layout.charAt(end))) {
            return 0;
        }
        builder.appendFraction(ChronoField.NANO_OF_SECOND, digit == '0' ? digits : 0, digits, true);
        return end - at;
    }
}
