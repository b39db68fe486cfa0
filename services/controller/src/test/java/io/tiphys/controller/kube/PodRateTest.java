package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tiphys.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodRateTest {
    private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));

    private static PodOrder pod(int number) {
        return PodOrder.of(new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("pod-" + number)
                .endMetadata()
                .build());
    }

    @Test
    void aBurstGoesAtOnceAndTheRestInTurn() {
        PodRate rate = new PodRate(clock, 2, 3);

        assertThat(IntStream.range(0, 5).filter(i -> rate.mayCreate(pod(i))).count())
                .isEqualTo(3);
        assertThat(rate.mayCreate(pod(3))).isFalse();
        clock.pass(Duration.ofMillis(500));
        assertThat(rate.mayCreate(pod(4))).as("its moment is later").isFalse();
        assertThat(rate.mayCreate(pod(3))).isTrue();
        clock.pass(Duration.ofMillis(500));
        assertThat(rate.mayCreate(pod(4))).isTrue();
    }

    @Test
    void whoComesNewGetsNoMomentThatOthersWaitFor() {
        PodRate rate = new PodRate(clock, 1, 1);

        assertThat(rate.mayCreate(pod(0))).isTrue();
        assertThat(rate.mayCreate(pod(1))).isFalse();
        clock.pass(Duration.ofSeconds(1));
        assertThat(rate.mayCreate(pod(2))).isFalse();
        assertThat(rate.mayCreate(pod(1))).isTrue();
    }

    @Test
    void aRateThatLetsNothingThroughIsRefused() {
        PodGateway none = new NoPods();
        assertThatThrownBy(() -> new RateLimitedPods(none, clock, 0, 1)).hasMessageContaining("limit must be above 0");
        assertThatThrownBy(() -> new RateLimitedPods(none, clock, 1, 0)).hasMessageContaining("burst at least 1");
    }

    private static final class NoPods implements PodGateway {
        @Override
        public Ensured ensure(PodOrder order) {
            return new Ensured.Created();
        }

        @Override
        public boolean delete(String namespace, String name) {
            return true;
        }

        @Override
        public void terminate(String namespace, String name) {}

        @Override
        public boolean labelCompleted(String namespace, String name) {
            return true;
        }

        @Override
        public void release(String namespace, String name) {}
    }
}
