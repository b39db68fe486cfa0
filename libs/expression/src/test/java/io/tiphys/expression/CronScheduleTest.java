package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
    private static final String LOS_ANGELES = "America/Los_Angeles";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * * * * *        | 2026-11-22T12:00:00Z | 2026-11-22T12:01:00Z
            * * * * *        | 2026-11-22T12:00:59.5Z | 2026-11-22T12:01:00Z
            */15 * * * *     | 2026-11-22T23:50:00Z | 2026-11-23T00:00:00Z
            5/20 3 * * *     | 2026-11-22T03:05:00Z | 2026-11-22T03:25:00Z
            0 0 1 1 *        | 2026-11-22T12:00:00Z | 2027-01-01T00:00:00Z
            0 0 29 2 *       | 2026-11-22T12:00:00Z | 2028-02-29T00:00:00Z
            0 9 * * mon-fri  | 2026-11-21T12:00:00Z | 2026-11-23T09:00:00Z
            0 0 13 * fri     | 2026-11-22T12:00:00Z | 2026-11-27T00:00:00Z
            0 0 */2 * fri    | 2026-11-22T12:00:00Z | 2026-11-23T00:00:00Z
            0 0 ? dec ?      | 2026-11-22T12:00:00Z | 2026-12-01T00:00:00Z
            @hourly          | 2026-11-22T12:00:00Z | 2026-11-22T13:00:00Z
            @daily           | 2026-11-22T12:00:00Z | 2026-11-23T00:00:00Z
            @midnight        | 2026-11-22T12:00:00Z | 2026-11-23T00:00:00Z
            @weekly          | 2026-11-22T12:00:00Z | 2026-11-29T00:00:00Z
            @monthly         | 2026-11-22T12:00:00Z | 2026-12-01T00:00:00Z
            @yearly          | 2026-11-22T12:00:00Z | 2027-01-01T00:00:00Z
            @every 1h30m     | 2026-11-22T12:00:00.7Z | 2026-11-22T13:30:00Z
            @every 10ms      | 2026-11-22T12:00:00Z | 2026-11-22T12:00:01Z
            CRON_TZ=Asia/Tokyo 0 6 * * * | 2026-11-22T12:00:00Z | 2026-11-22T21:00:00Z
            TZ=Asia/Kolkata 0 6 * * *    | 2026-11-22T12:00:00Z | 2026-11-23T00:30:00Z
            """)
    void isNextAt(String schedule, Instant after, Instant next) {
        assertThat(CronSchedule.parse(schedule, null).next(after)).contains(next);
    }

    @Test
    void neverComesOnADayThatDoesNotExist() {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");

        assertThat(CronSchedule.parse("0 0 30 2 *", null).next(now)).isEmpty();
        assertThat(CronSchedule.parse("0 0 30 2 *", null).last(Instant.EPOCH, now))
                .isEmpty();
    }

    /** The tables of Argo's documentation for 2020-03-08 02:00 (an hour is skipped) and 2020-11-01 02:00 (one is repeated). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            59 1 * * * | 2020-03-08T00:00:00-08:00 | 2020-03-08T01:59:00-08:00 2020-03-09T01:59:00-07:00
            0 2 * * *  | 2020-03-08T00:00:00-08:00 | 2020-03-09T02:00:00-07:00 2020-03-10T02:00:00-07:00
            1 2 * * *  | 2020-03-08T00:00:00-08:00 | 2020-03-09T02:01:00-07:00 2020-03-10T02:01:00-07:00
            0 3 * * *  | 2020-03-08T00:00:00-08:00 | 2020-03-08T03:00:00-07:00 2020-03-09T03:00:00-07:00
            59 1 * * * | 2020-11-01T00:00:00-07:00 | 2020-11-01T01:59:00-07:00 2020-11-01T01:59:00-08:00
            0 2 * * *  | 2020-11-01T00:00:00-07:00 | 2020-11-01T02:00:00-08:00 2020-11-02T02:00:00-08:00
            1 2 * * *  | 2020-11-01T00:00:00-07:00 | 2020-11-01T02:01:00-08:00 2020-11-02T02:01:00-08:00
            30 * * * * | 2020-11-01T00:45:00-07:00 | 2020-11-01T01:30:00-07:00 2020-11-01T01:30:00-08:00
            """)
    void goesByTheClockOfItsZone(String schedule, java.time.OffsetDateTime after, String expected) {
        CronSchedule cron = CronSchedule.parse(schedule, LOS_ANGELES);
        List<Instant> times = new ArrayList<>();
        for (Instant at = after.toInstant(); times.size() < 2; at = times.getLast()) {
            times.add(cron.next(at).orElseThrow());
        }

        assertThat(times)
                .containsExactlyElementsOf(java.util.stream.Stream.of(expected.split(" ", -1))
                        .map(text -> java.time.OffsetDateTime.parse(text).toInstant())
                        .toList());
    }

    /** What comes next is what was last, whatever the schedule, the zone and the time of the year. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithItselfForwardsAndBackwards(long seed) {
        Random random = new Random(seed);
        List<String> zones = List.of(
                "UTC", LOS_ANGELES, "Europe/Athens", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata");
        for (int i = 0; i < 300; i++) {
            String zone = zones.get(random.nextInt(zones.size()));
            CronSchedule schedule = CronSchedule.parse(
                    pick(random, 60, 0) + " " + pick(random, 24, 0) + " " + pick(random, 28, 1) + " * *", zone);
            Instant at = Instant.parse("2016-01-01T00:00:00Z").plusSeconds(random.nextLong(400_000_000L));
            Instant next = schedule.next(at).orElseThrow();

            assertThat(next).isAfter(at);
            assertThat(schedule.last(at, next)).contains(next);
            assertThat(schedule.last(at, next.minusNanos(1))).isEmpty();
            assertThat(next.atZone(ZoneId.of(zone)).getSecond()).isZero();
            Instant later = next.plus(Duration.ofHours(random.nextInt(100)));
            Instant last = schedule.last(at, later).orElseThrow();
            assertThat(last).isBetween(next, later);
            assertThat(schedule.next(last).orElseThrow()).isAfter(later);
        }
    }

    private static String pick(Random random, int range, int from) {
        return random.nextInt(3) == 0 ? "*" : Integer.toString(from + random.nextInt(range));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * *",
                "60 * * * *",
                "* * 0 * *",
                "* * * * 7",
                "5-1 * * * *",
                "*/0 * * * *",
                "1-2-3 * * * *",
                "@every soon",
                "@fortnightly",
                "CRON_TZ=Nowhere/Land * * * * *",
                "CRON_TZ=UTC",
                "* * * * * *"
            })
    void refuses(String schedule) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
