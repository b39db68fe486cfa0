package io.tiphys.controller.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void isDueAtTheFullMinute() {
        Schedule schedule = Schedule.parse("* * * * *", null);

        assertThat(schedule.lastDue(NOON.minusSeconds(30), NOON)).contains(NOON);
        assertThat(schedule.lastDue(NOON, NOON.plusSeconds(59))).isEmpty();
        assertThat(schedule.lastDue(NOON, NOON.plusSeconds(130))).contains(NOON.plusSeconds(120));
    }

    @Test
    void goesByTheTimeZone() {
        Schedule athens = Schedule.parse("0 14 * * *", "Europe/Athens");
        Schedule prefixed = Schedule.parse("CRON_TZ=Europe/Athens 0 14 * * *", "America/New_York");

        assertThat(athens.lastDue(NOON.minusSeconds(60), NOON)).contains(NOON);
        assertThat(prefixed.lastDue(NOON.minusSeconds(60), NOON)).contains(NOON);
    }

    @Test
    void knowsDescriptors() {
        assertThat(Schedule.parse("@hourly", null).lastDue(NOON.minusSeconds(1), NOON))
                .contains(NOON);
        assertThat(Schedule.parse("@every 90s", null).lastDue(NOON, NOON.plusSeconds(200)))
                .contains(NOON.plusSeconds(180));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Schedule.parse("* * *", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.parse("* * * * *", "Nowhere/Land"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Nowhere/Land");
        assertThatThrownBy(() -> Schedule.parse("@every soon", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("@every");
    }
}
