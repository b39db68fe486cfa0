package io.tiphys.expression;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;

/** The functions of sprig on times. */
final class SprigTimes {
    /** Seconds from 1970 back to the year 1. */
    private static final long ZERO_TIME = -62_135_596_800L;

    private SprigTimes() {}

    static void register(Map<String, Function> functions) {
        functions.put("now", a -> a.expect(0).now().atZone(ZoneOffset.UTC));
        functions.put("date", a -> GoTime.format(time(a.expect(2), 1), a.text(0)));
        functions.put(
                "dateInZone", a -> GoTime.format(time(a.expect(3), 1).withZoneSameInstant(zone(a.text(2))), a.text(0)));
        functions.put(
                "date_in_zone",
                a -> GoTime.format(time(a.expect(3), 1).withZoneSameInstant(zone(a.text(2))), a.text(0)));
        functions.put("htmlDate", a -> GoTime.format(time(a.expect(1), 0), "2006-01-02"));
        functions.put(
                "htmlDateInZone",
                a -> GoTime.format(time(a.expect(2), 0).withZoneSameInstant(zone(a.text(1))), "2006-01-02"));
        for (String name : List.of("dateModify", "date_modify", "mustDateModify", "must_date_modify")) {
            functions.put(name, a -> time(a.expect(2), 1).plus(TimeFunctions.duration(a.text(0))));
        }
        functions.put(
                "toDate",
                a -> GoTime.tryParse(a.expect(2).text(0), a.text(1), ZoneOffset.UTC)
                        .orElse(java.time.Instant.ofEpochSecond(ZERO_TIME).atZone(ZoneOffset.UTC)));
        functions.put("mustToDate", a -> GoTime.parse(a.expect(2).text(0), a.text(1), ZoneOffset.UTC));
        functions.put("unixEpoch", a -> {
            Object time = a.expect(1).get(0);
            if (time != null && !(time instanceof java.time.ZonedDateTime)) {
                throw new ExprProblem("reflect: Call using " + Values.typeName(time) + " as type time.Time");
            }
            return Long.toString(time == null ? ZERO_TIME : time(a, 0).toEpochSecond());
        });
        functions.put(
                "duration",
                a -> GoDuration.format(Duration.ofSeconds(
                        a.expect(1).get(0) instanceof String text ? SprigNumbers.integer(text) : 0)));
        functions.put("durationRound", a -> rounded(a.expect(1)));
        functions.put(
                "ago",
                a -> GoDuration.format(Duration.ofSeconds(Math.round(Duration.between(
                                        time(a.expect(1), 0).toInstant(), a.now())
                                .toMillis()
                        / 1000.0))));
    }

    private static ZonedDateTime time(Arguments arguments, int index) {
        return switch (arguments.get(index)) {
            case ZonedDateTime time -> time;
            case Long seconds -> Instant.ofEpochSecond(seconds).atZone(ZoneOffset.UTC);
            case null, default -> arguments.now().atZone(ZoneOffset.UTC);
        };
    }

    /** Sprig takes UTC where there is no such zone. */
    private static java.time.ZoneId zone(String name) {
        try {
            return GoTime.zone(name);
        } catch (ExprProblem problem) {
            return ZoneOffset.UTC;
        }
    }

    /** The duration's largest unit. */
    private static String rounded(Arguments arguments) {
        long seconds = switch (arguments.get(0)) {
            case String text -> {
                try {
                    yield TimeFunctions.duration(text).abs().toSeconds();
                } catch (ExprProblem problem) {
                    yield 0;
                }
            }
            case java.time.ZonedDateTime time ->
                Duration.between(time.toInstant(), arguments.now()).abs().toSeconds();
            case null, default -> 0;
        };
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (days > 365) {
            return days / 365 + "y";
        }
        if (days > 30) {
            return days / 30 + "mo";
        }
        if (hours > 24) {
            return days + "d";
        }
        if (minutes > 60) {
            return hours + "h";
        }
        return seconds > 60 ? minutes + "m" : seconds + "s";
    }
}
