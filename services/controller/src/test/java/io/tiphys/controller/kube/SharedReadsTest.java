package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedReadsTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SharedReads<Integer> reads = new SharedReads<>(Duration.ofMillis(1));
    private final AtomicInteger done = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void whoAsksWhileAReadIsUnderWayGetsTheNextOneTogetherWithOthers() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Future<Integer> first = threads.submit(() -> reads.get("a", () -> {
            begun.countDown();
            goOn.await();
            return done.incrementAndGet();
        }));
        begun.await();
        Map<Thread, CompletableFuture<Integer>> others = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            others.put(
                    Thread.startVirtualThread(() -> {
                        try {
                            answer.complete(reads.get("a", done::incrementAndGet));
                        } catch (InterruptedException e) {
                            answer.completeExceptionally(e);
                        }
                    }),
                    answer);
        }
        await().until(() -> others.keySet().stream().allMatch(other -> other.getState() == Thread.State.WAITING));

        assertThat(reads.get("b", () -> 7)).as("of something else").isEqualTo(7);
        goOn.countDown();

        assertThat(first.get()).isEqualTo(1);
        for (CompletableFuture<Integer> other : others.values()) {
            assertThat(other.get()).as("one read for all").isEqualTo(2);
        }
    }

    @Test
    void aFailureIsThatOfAllWhoWaitForItAndOfNobodyElse() throws Exception {
        assertThatThrownBy(() -> reads.get("a", () -> {
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");
        assertThat(reads.get("a", () -> null)).isNull();
        assertThat(reads.get("a", () -> 3)).isEqualTo(3);
    }
}
