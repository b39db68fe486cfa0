package io.tiphys.expression;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions and methods of times and durations. */
final class TimeFunctions {
    private TimeFunctions() {}

    static void register(Map<String, Function> functions) {
        functions.put("now", a -> a.expect(0, 1).now().atZone(a.count() == 1 ? zone(a, 0) : ZoneOffset.UTC));
        functions.put("duration", a -> duration(a.expect(1).text(0)));
        functions.put("timezone", a -> GoTime.zone(a.expect(1).text(0)));
        functions.put("date", TimeFunctions::date);
    }

    static Duration duration(String text) {
        return GoDuration.parse(text).orElseThrow(() -> new ExprProblem("time: invalid duration \"" + text + "\""));
    }

    private static ZoneId zone(Arguments arguments, int index) {
        return arguments.get(index) instanceof ZoneId zone ? zone : GoTime.zone(arguments.text(index));
    }

    private static Object date(Arguments arguments) {
        arguments.expect(1, 4);
        boolean zoned = arguments.get(0) instanceof ZoneId;
        ZoneId zone = zoned ? zone(arguments, 0) : ZoneOffset.UTC;
        int first = zoned ? 1 : 0;
        return switch (arguments.count() - first) {
            case 1 -> GoTime.parseAny(arguments.text(first), zone);
            case 2 -> GoTime.parse(arguments.text(first + 1), arguments.text(first), zone);
            default ->
                GoTime.parse(arguments.text(first + 1), arguments.text(first), GoTime.zone(arguments.text(first + 2)));
        };
    }

    /** {@code of.method(arguments)}. */
    static @Nullable Object method(@Nullable Object of, String method, Arguments arguments) {
        return switch (of) {
            case ZonedDateTime time -> timeMethod(time, method, arguments);
            case Duration duration -> durationMethod(duration, method, arguments);
            case null, default -> throw new ExprProblem("cannot fetch " + method + " from " + Values.typeName(of));
        };
    }

    private static Object timeMethod(ZonedDateTime time, String method, Arguments arguments) {
        return switch (method) {
            case "Format" -> GoTime.format(time, arguments.expect(1).text(0));
            case "Unix" -> time.toEpochSecond();
            case "UnixMilli" -> time.toInstant().toEpochMilli();
            case "UnixNano" -> time.toEpochSecond() * 1_000_000_000L + time.getNano();
            case "Year" -> (long) time.getYear();
            case "Month" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Day" -> (long) time.getDayOfMonth();
            case "Hour" -> (long) time.getHour();
            case "Minute" -> (long) time.getMinute();
            case "Second" -> (long) time.getSecond();
            case "Nanosecond" -> (long) time.getNano();
            case "YearDay" -> (long) time.getDayOfYear();
            case "Weekday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "UTC" -> time.withZoneSameInstant(ZoneOffset.UTC);
            case "In" -> time.withZoneSameInstant(zone(arguments.expect(1), 0));
            case "String" -> GoFormat.show(time);
            case "Add" -> time.plus(durationArgument(arguments));
            case "AddDate" -> {
                arguments.expect(3);
                yield time.plusYears(arguments.integer(0))
                        .plusMonths(arguments.integer(1))
                        .plusDays(arguments.integer(2));
            }
            case "Sub" -> Duration.between(timeArgument(arguments), time);
            case "Before" -> time.isBefore(timeArgument(arguments));
            case "After" -> time.isAfter(timeArgument(arguments));
            case "Equal" -> time.isEqual(timeArgument(arguments));
            default -> throw new ExprProblem("cannot fetch " + method + " from time.Time");
        };
    }

    private static Object durationMethod(Duration duration, String method, Arguments arguments) {
        double seconds = duration.toNanos() / 1e9;
        arguments.expect(0);
        return switch (method) {
            case "Hours" -> seconds / 3600;
            case "Minutes" -> seconds / 60;
            case "Seconds" -> seconds;
            case "Milliseconds" -> duration.toMillis();
            case "Nanoseconds" -> duration.toNanos();
            case "String" -> GoDuration.format(duration);
            default -> throw new ExprProblem("cannot fetch " + method + " from time.Duration");
        };
    }

    private static Duration durationArgument(Arguments arguments) {
        return arguments.expect(1).get(0) instanceof Duration duration ? duration : duration(arguments.text(0));
    }

    private static ZonedDateTime timeArgument(Arguments arguments) {
        if (arguments.expect(1).get(0) instanceof ZonedDateTime time) {
            return time;
        }
        throw new ExprProblem("expected a time but got " + Values.typeName(arguments.get(0)));
    }
}
