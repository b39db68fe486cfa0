package io.tiphys.expression;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Minute, hour, day of the month, month and day of the week, each as a set of bits. A day must be in both sets of days where one of them is
 * unrestricted ({@code *}), else in either, as cron has always done it.
 */
final class CronFields implements CronSchedule {
    private static final Map<String, String> SHORTHANDS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final int HORIZON_YEARS = 5;

    private final Bits minutes;
    private final Bits hours;
    private final Bits daysOfMonth;
    private final Bits months;
    private final Bits daysOfWeek;
    private final ZoneId zone;

    private CronFields(List<Bits> fields, ZoneId zone) {
        this.minutes = fields.get(0);
        this.hours = fields.get(1);
        this.daysOfMonth = fields.get(2);
        this.months = fields.get(3);
        this.daysOfWeek = fields.get(4);
        this.zone = zone;
    }

    static CronFields parse(String text, ZoneId zone) {
        if (text.startsWith("@") && !SHORTHANDS.containsKey(text)) {
            throw new IllegalArgumentException("unknown shorthand \"" + text + "\"");
        }
        String[] texts = SHORTHANDS.getOrDefault(text, text).strip().split("\\s+", -1);
        if (text.isBlank() || texts.length != Field.ALL.size()) {
            throw new IllegalArgumentException(
                    "needs five fields: minute, hour, day of the month, month, day of the week");
        }
        List<Bits> fields = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            fields.add(Field.ALL.get(i).parse(texts[i]));
        }
        return new CronFields(fields, zone);
    }

    @Override
    public Optional<Instant> next(Instant after) {
        ZonedDateTime start = after.atZone(zone);
        LocalDate limit = start.toLocalDate().plusYears(HORIZON_YEARS);
        for (LocalDate day = start.toLocalDate(); day.isBefore(limit); ) {
            if (!months.has(day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
                continue;
            }
            Optional<Instant> found = matches(day) ? onDay(day, after, Instant.MAX, true) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
            day = day.plusDays(1);
        }
        return Optional.empty();
    }

    @Override
    public Optional<Instant> last(Instant after, Instant until) {
        LocalDate start = until.atZone(zone).toLocalDate();
        LocalDate horizon = start.minusYears(HORIZON_YEARS);
        LocalDate limit = after.isBefore(until.minus(Duration.ofDays(366L * HORIZON_YEARS)))
                ? horizon
                : after.atZone(zone).toLocalDate();
        for (LocalDate day = start; !day.isBefore(limit); ) {
            if (!months.has(day.getMonthValue())) {
                day = day.withDayOfMonth(1).minusDays(1);
                continue;
            }
            Optional<Instant> found = matches(day) ? onDay(day, after, until, false) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
            day = day.minusDays(1);
        }
        return Optional.empty();
    }

    private boolean matches(LocalDate day) {
        boolean ofMonth = daysOfMonth.has(day.getDayOfMonth());
        boolean ofWeek = daysOfWeek.has(day.getDayOfWeek().getValue() % 7);
        boolean both = daysOfMonth.star() || daysOfWeek.star();
        return both ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    /** The first or the last time of the day in {@code (after, until]}. */
    private Optional<Instant> onDay(LocalDate day, Instant after, Instant until, boolean first) {
        ZonedDateTime midnight = day.atStartOfDay(zone);
        ZoneOffsetTransition change =
                zone.getRules().nextTransition(midnight.toInstant().minusNanos(1));
        boolean plain = change == null
                || change.getInstant()
                        .isAfter(day.plusDays(1).atStartOfDay(zone).toInstant());
        Instant best = null;
        for (int i = 0; i < 24; i++) {
            int hour = first ? i : 23 - i;
            for (int j = 0; j < 60 && hours.has(hour); j++) {
                int minute = first ? j : 59 - j;
                if (!minutes.has(minute)) {
                    continue;
                }
                List<ZoneOffset> offsets = plain
                        ? List.of(midnight.getOffset())
                        : zone.getRules().getValidOffsets(day.atTime(hour, minute));
                for (ZoneOffset offset : offsets) {
                    Instant time = day.atTime(hour, minute).toInstant(offset);
                    boolean within = time.isAfter(after) && !time.isAfter(until);
                    if (within && (best == null || (first ? time.isBefore(best) : time.isAfter(best)))) {
                        best = time;
                    }
                }
                if (best != null && plain) {
                    return Optional.of(best); // while the clock isn't changed the times of a day are in order
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Numbers below 64; {@code star} if nothing was left out on purpose. */
    private record Bits(long bits, boolean star) {
        boolean has(int number) {
            return (bits >>> number & 1) == 1;
        }
    }

    /** One of the five places, with the names that may stand for its numbers. */
    private record Field(String words, int min, int max, List<String> names) {
        static final List<Field> ALL = List.of(
                new Field("minute", 0, 59, List.of()),
                new Field("hour", 0, 23, List.of()),
                new Field("day of the month", 1, 31, List.of()),
                new Field(
                        "month",
                        1,
                        12,
                        List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
                new Field("day of the week", 0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

        Bits parse(String text) {
            long bits = 0;
            boolean star = false;
            for (String part : text.split(",", -1)) {
                if (!part.isEmpty()) {
                    Bits of = part(part);
                    bits |= of.bits();
                    star |= of.star();
                }
            }
            return new Bits(bits, star);
        }

        private Bits part(String part) {
            String[] rangeAndStep = part.split("/", -1);
            String[] range = rangeAndStep[0].split("-", -1);
            if (rangeAndStep.length > 2 || range.length > 2) {
                throw wrong("\"" + part + "\" has two " + (rangeAndStep.length > 2 ? "steps" : "ranges"));
            }
            boolean stepped = rangeAndStep.length == 2;
            boolean all = range[0].equals("*") || range[0].equals("?");
            int start = all ? min : number(range[0]);
            int end = all || (stepped && range.length == 1) ? max : range.length == 2 ? number(range[1]) : start;
            if (start < min || end > max || start > end) {
                throw wrong("\"" + part + "\" is not within " + min + " to " + max);
            }
            if (stepped && !rangeAndStep[1].matches("0*[1-9]\\d{0,8}")) {
                throw wrong("\"" + part + "\" needs a step of at least 1");
            }
            int step = stepped ? Integer.parseInt(rangeAndStep[1]) : 1;
            long bits = 0;
            for (long i = start; i <= end; i += step) {
                bits |= 1L << i;
            }
            return new Bits(bits, all && step == 1);
        }

        /** The number or the name's number; one that is in no range if it is neither. */
        private int number(String text) {
            int name = names.indexOf(text.toLowerCase(Locale.ROOT));
            if (name >= 0) {
                return name + min;
            }
            return text.matches("\\d{1,9}") ? Integer.parseInt(text) : Integer.MIN_VALUE;
        }

        private IllegalArgumentException wrong(String problem) {
            return new IllegalArgumentException(words + ": " + problem);
        }
    }
}
