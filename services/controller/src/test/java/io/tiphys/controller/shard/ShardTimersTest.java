package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShardTimersTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final TimerKey A = new TimerKey("u1", Purpose.ENGINE, "a");
    private static final TimerKey B = new TimerKey("u1", Purpose.ENGINE, "b");
    private static final TimerKey C = new TimerKey("u2", Purpose.STATUS, "");

    private final ShardTimers timers = new ShardTimers();

    @Test
    void firesInOrderOfTimeAndOnce() {
        timers.start(B, NOW.plusSeconds(2));
        timers.start(A, NOW.plusSeconds(1));
        timers.start(C, NOW.plusSeconds(3));

        assertThat(timers.next()).contains(NOW.plusSeconds(1));
        assertThat(timers.due(NOW.plusSeconds(2))).containsExactly(A, B);
        assertThat(timers.due(NOW.plusSeconds(2))).isEmpty();
    }

    @Test
    void movesATimerThatIsStartedAgain() {
        timers.start(A, NOW);
        timers.start(A, NOW.plusSeconds(5));

        assertThat(timers.due(NOW)).isEmpty();
        assertThat(timers.due(NOW.plusSeconds(5))).containsExactly(A);
    }

    @Test
    void forgetsWhatIsCancelled() {
        timers.start(A, NOW);
        timers.start(B, NOW);
        timers.start(C, NOW);
        timers.cancel(A);
        timers.cancelAll("u1");

        assertThat(timers.due(NOW)).containsExactly(C);
        assertThat(timers.next()).isEmpty();
    }
}
