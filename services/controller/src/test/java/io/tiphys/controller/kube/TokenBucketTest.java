package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final TokenBucket bucket = new TokenBucket(10, 1);

    @Test
    void fillsHoweverOftenItIsAsked() {
        int taken = 0;
        for (int i = 0; i <= 10_000; i++) {
            taken += bucket.tryTake(NOW.plus(Duration.ofNanos(i * 100_000L)), 0) ? 1 : 0;
        }
        assertThat(taken).as("one at first, and ten in a second").isBetween(10, 11);
    }

    @Test
    void leavesOthersTheirPart() {
        assertThat(bucket.tryTake(NOW, 1)).isFalse();
        assertThat(bucket.tryTake(NOW, 0)).isTrue();
    }

    @Test
    void aDebtIsPaidFirst() {
        assertThat(bucket.book(NOW)).isEqualTo(NOW);
        assertThat(bucket.book(NOW)).isEqualTo(NOW.plusMillis(100));
        assertThat(bucket.tryTake(NOW.plusMillis(150), 0)).isFalse();
        assertThat(bucket.tryTake(NOW.plusMillis(200), 0)).isTrue();
    }
}
