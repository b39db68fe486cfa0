package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    /** {@link System#nanoTime()} may be anything, below zero, too. */
    private long now = -Duration.ofDays(1).toNanos();

    private final Pace pace = new Pace(now);

    @Test
    void takesWhatComesNowAndThenAtOnce() {
        for (int i = 0; i < 200; i++) {
            assertThat(pace.rest(now)).as("input %d", i).isZero();
            pace.took(1, now);
            now += 3 * MILLI;
        }
    }

    @Test
    void letsManyInputsComeTogether() {
        busy();
        now += 5 * MILLI;
        assertThat(pace.rest(now)).isEqualTo(Duration.ofMillis(15));
        now += 14 * MILLI;
        assertThat(pace.rest(now)).as("of another shard, to the same tick").isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void staysBusyWhileTheyKeepComing() {
        busy();
        for (int turn = 0; turn < 50; turn++) {
            now += MILLI;
            assertThat(pace.rest(now)).as("turn %d", turn).isEqualTo(Duration.ofMillis(19));
            now += 19 * MILLI;
            pace.took(20, now);
        }
    }

    @Test
    void forgetsThatItWasBusy() {
        busy();
        now += Duration.ofSeconds(1).toNanos();
        pace.took(1, now);
        now += MILLI;
        assertThat(pace.rest(now)).isZero();
    }

    private void busy() {
        pace.took(Pace.MANY, now);
    }
}
