package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusRateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final StatusRate rate = new StatusRate(10);

    @Test
    void aBurstGoesAtOnceAndTheRestInTurn() {
        for (int i = 0; i < StatusRate.BURST; i++) {
            assertThat(rate.book(NOW, false).at()).isEqualTo(NOW);
        }
        assertThat(rate.book(NOW, false).at()).isEqualTo(NOW.plusMillis(100));
        assertThat(rate.book(NOW, false).at()).isEqualTo(NOW.plusMillis(200));
        Instant later = NOW.plus(Duration.ofSeconds(1));
        assertThat(rate.book(later, false).at()).isEqualTo(later);
    }

    @Test
    void aBeginningDoesNotWaitForTheProgressOfOthers() {
        for (int i = 0; i < 2 * StatusRate.BURST; i++) {
            rate.book(NOW, false);
        }
        assertThat(rate.book(NOW, true).at()).isEqualTo(NOW);
    }

    @Test
    void aTurnThatIsGivenBackIsTheNext() {
        StatusRate.Turn first = rate.book(NOW, false);
        for (int i = 1; i < StatusRate.BURST; i++) {
            rate.book(NOW, false);
        }
        rate.giveBack(first);
        assertThat(rate.book(NOW, false).at()).isEqualTo(NOW);
        assertThat(rate.book(NOW, false).at()).isAfter(NOW);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new StatusRate(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TIPHYS_CONTROLLER_STATUS_RATE")
                .hasMessageContaining("0.0");
    }
}
