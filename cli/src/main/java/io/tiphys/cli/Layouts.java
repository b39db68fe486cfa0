package io.tiphys.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Times on the command line: in the usual forms, or by a layout as Go writes them ({@code 2006-01-02 15:04}). */
final class Layouts {
    private static final List<DateTimeFormatter> USUAL = List.of(
            DateTimeFormatter.ISO_OFFSET_DATE_TIME,
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss zzz", Locale.ENGLISH),
            DateTimeFormatter.ISO_LOCAL_DATE);
    private static final Map<String, String> GO = Map.ofEntries(
            Map.entry("2006", "uuuu"),
            Map.entry("06", "uu"),
            Map.entry("01", "MM"),
            Map.entry("January", "MMMM"),
            Map.entry("Jan", "MMM"),
            Map.entry("02", "dd"),
            Map.entry("Monday", "EEEE"),
            Map.entry("Mon", "EEE"),
            Map.entry("15", "HH"),
            Map.entry("03", "hh"),
            Map.entry("04", "mm"),
            Map.entry("05", "ss"),
            Map.entry("PM", "a"),
            Map.entry("MST", "zzz"),
            Map.entry("Z07:00", "XXX"),
            Map.entry("-07:00", "xxx"),
            Map.entry("-0700", "xx"));

    private Layouts() {}

    /** The time; without a zone it is UTC, without a time of the day midnight. */
    static Instant parse(String option, String text, String layout) {
        List<DateTimeFormatter> forms = new ArrayList<>(USUAL);
        if (!layout.isEmpty()) {
            forms.addFirst(DateTimeFormatter.ofPattern(pattern(layout), Locale.ENGLISH));
        }
        for (DateTimeFormatter form : forms) {
            try {
                return instant(form.parse(text));
            } catch (DateTimeException _) {
                // the next form may fit
            }
        }
        throw CommandFailure.invalid(option + " " + text + ": is no time such as 2026-11-01T00:00:00Z"
                + (layout.isEmpty() ? "" : ", nor as " + layout));
    }

    private static Instant instant(TemporalAccessor parsed) {
        LocalDate date = LocalDate.from(parsed);
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId zone = parsed.query(TemporalQueries.zone());
        return date.atTime(time == null ? LocalTime.MIDNIGHT : time)
                .atZone(zone == null ? ZoneOffset.UTC : zone)
                .toInstant();
    }

    /** Java's pattern for a Go layout: the longest of Go's words at each place, everything else as it stands. */
    private static String pattern(String layout) {
        Map<String, String> longestFirst = new TreeMap<>((one, other) ->
                one.length() == other.length() ? one.compareTo(other) : Integer.compare(other.length(), one.length()));
        longestFirst.putAll(GO);
        StringBuilder pattern = new StringBuilder();
        for (int at = 0; at < layout.length(); ) {
            int from = at;
            Map.Entry<String, String> word = longestFirst.entrySet().stream()
                    .filter(entry -> layout.startsWith(entry.getKey(), from))
                    .findFirst()
                    .orElse(null);
            if (word == null) {
                char c = layout.charAt(at);
                pattern.append(c == '\'' ? "\'\'" : Character.isLetter(c) ? "'" + c + "'" : String.valueOf(c));
                at++;
            } else {
                pattern.append(word.getValue());
                at += word.getKey().length();
            }
        }
        return pattern.toString();
    }
}
