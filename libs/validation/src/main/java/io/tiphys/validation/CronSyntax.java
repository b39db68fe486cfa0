package io.tiphys.validation;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Schedules as Argo's cron library takes them: five fields, or {@code @daily} and the like, or {@code @every 1h30m}. */
final class CronSyntax {
    private static final Set<String> DESCRIPTORS =
            Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final Pattern DURATION = Pattern.compile("[-+]?(\\d+(\\.\\d*)?(ns|us|µs|ms|s|m|h))+");

    private record Field(String name, int min, int max, List<String> names) {}

    private static final List<Field> FIELDS = List.of(
            new Field("minute", 0, 59, List.of()),
            new Field("hour", 0, 23, List.of()),
            new Field("day of the month", 1, 31, List.of()),
            new Field(
                    "month",
                    1,
                    12,
                    List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
            new Field("day of the week", 0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

    private CronSyntax() {}

    /** What is wrong with a schedule, null if nothing. */
    static @Nullable String problem(String schedule) {
        String rest = schedule;
        if (rest.startsWith("TZ=") || rest.startsWith("CRON_TZ=")) {
            int end = rest.indexOf(' ');
            String zone = end < 0 ? "" : rest.substring(rest.indexOf('=') + 1, end);
            if (!zone.equals("Local") && !ZoneId.getAvailableZoneIds().contains(zone)) {
                return "unknown time zone \"" + zone + "\"";
            }
            rest = rest.substring(end).strip();
        }
        if (rest.startsWith("@")) {
            boolean every = rest.startsWith("@every ")
                    && DURATION.matcher(rest.substring("@every ".length())).matches();
            return every || DESCRIPTORS.contains(rest) ? null : "unknown shorthand";
        }
        String[] fields = rest.strip().split("\\s+", -1);
        if (rest.isBlank() || fields.length != FIELDS.size()) {
            return "needs five fields: minute, hour, day of the month, month, day of the week";
        }
        for (int i = 0; i < fields.length; i++) {
            for (String part : fields[i].split(",", -1)) {
                String problem = part.isEmpty() ? null : partProblem(part, FIELDS.get(i));
                if (problem != null) {
                    return FIELDS.get(i).name() + ": " + problem;
                }
            }
        }
        return null;
    }

    private static @Nullable String partProblem(String part, Field field) {
        String[] rangeAndStep = part.split("/", -1);
        if (rangeAndStep.length > 2) {
            return "\"" + part + "\" has two steps";
        }
        String[] range = rangeAndStep[0].split("-", -1);
        if (range.length > 2) {
            return "\"" + part + "\" has two ranges";
        }
        int start = field.min();
        int end = field.max();
        if (!range[0].equals("*") && !range[0].equals("?")) {
            start = number(range[0], field);
            end = range.length == 2 ? number(range[1], field) : rangeAndStep.length == 2 ? field.max() : start;
        }
        if (start < field.min() || end > field.max() || start > end) {
            return "\"" + part + "\" is not within " + field.min() + " to " + field.max();
        }
        if (rangeAndStep.length == 2 && !rangeAndStep[1].matches("0*[1-9]\\d{0,8}")) {
            return "\"" + part + "\" needs a step of at least 1";
        }
        return null;
    }

    /** The number or the name's number; one that is in no range if it is neither. */
    private static int number(String text, Field field) {
        int name = field.names().indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) {
            return name + field.min();
        }
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : Integer.MIN_VALUE;
    }
}
