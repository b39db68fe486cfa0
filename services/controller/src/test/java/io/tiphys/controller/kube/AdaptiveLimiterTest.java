package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptiveLimiterTest {

    @Test
    void growsSlowlyAndShrinksFast() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 8, 16);
        for (int i = 0; i < 200; i++) {
            limiter.acquire();
            limiter.succeeded();
        }
        assertThat(limiter.limit()).isEqualTo(16);

        limiter.acquire();
        limiter.overloaded();
        assertThat(limiter.limit()).isEqualTo(8);
        assertThat(limiter.inFlight()).isZero();
    }

    @Test
    void neverShutsTheDoor() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 4);
        for (int i = 0; i < 10; i++) {
            limiter.acquire();
            limiter.overloaded();
        }
        assertThat(limiter.limit()).isEqualTo(1);
    }

    @Test
    void makesOthersWaitForATurn() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        limiter.acquire();
        Thread second = Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(limiter.inFlight()).isEqualTo(1);

        limiter.succeeded();
        second.join();
        assertThat(limiter.inFlight()).isEqualTo(1);
    }
}
