package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong clock = new AtomicLong(17 * SECOND);
    private final Lease lease = new Lease(Duration.ofSeconds(3), clock::get);

    @Test
    void holdsForItsTimeFromTheConfirmationOn() {
        assertThat(lease.isValid()).isFalse();

        lease.confirmed(17 * SECOND);
        clock.set(20 * SECOND - 1);
        assertThat(lease.isValid()).isTrue();

        clock.set(20 * SECOND);
        assertThat(lease.isValid())
                .as("whoever was paused until now may have been replaced")
                .isFalse();
    }

    @Test
    void aLateAnswerToAnEarlierQuestionShortensNothing() {
        lease.confirmed(17 * SECOND);
        lease.confirmed(15 * SECOND);

        clock.set(19 * SECOND);
        assertThat(lease.isValid()).isTrue();
    }

    @Test
    void whoWaitsGoesOnWithTheNextConfirmation() throws Exception {
        CompletableFuture<Boolean> waiting = waiting();

        lease.confirmed(17 * SECOND);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoWaitsIsToldWhenTheMembershipIsLost() throws Exception {
        lease.confirmed(17 * SECOND);
        lease.lost();
        assertThat(lease.isValid()).isFalse();
        CompletableFuture<Boolean> waiting = waiting();

        while (!waiting.isDone()) {
            lease.lost(); // whenever it begins to wait
            Thread.onSpinWait();
        }

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
    }

    private CompletableFuture<Boolean> waiting() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return lease.await(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }
}
