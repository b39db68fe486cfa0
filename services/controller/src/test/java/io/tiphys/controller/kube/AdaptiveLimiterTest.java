package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.controller.kube.AdaptiveLimiter.Turn;
import io.tiphys.controller.kube.Demand.Urgency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdaptiveLimiterTest {
    private static final Demand ANY = Demand.work("a", 0);

    @Test
    void doublesInEachRoundUntilTheServerHasEnough() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 4, 64);
        for (int expected : new int[] {8, 16, 32}) {
            round(limiter);
            assertThat(limiter.limit()).isEqualTo(expected);
        }
        limiter.overloaded(limiter.acquire(ANY), Duration.ZERO);
        assertThat(limiter.limit()).isEqualTo(16);

        round(limiter);
        assertThat(limiter.limit()).as("one more per round after that").isBetween(16, 17);
        assertThat(limiter.inFlight()).isZero();
    }

    @Test
    void halvesOnceForAllThatWasUnderWay() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 16, 16);
        List<Turn> underWay = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            underWay.add(limiter.acquire(ANY));
        }
        underWay.forEach(turn -> limiter.overloaded(turn, Duration.ZERO));
        assertThat(limiter.limit()).isEqualTo(8);

        limiter.overloaded(limiter.acquire(ANY), Duration.ZERO);
        assertThat(limiter.limit()).as("one that began after it").isEqualTo(4);
    }

    @Test
    void neverShutsTheDoor() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 4);
        for (int i = 0; i < 10; i++) {
            limiter.overloaded(limiter.acquire(ANY), Duration.ZERO);
        }
        assertThat(limiter.limit()).isEqualTo(1);
    }

    @Test
    void leavesTheServerAloneAsLongAsItAsks() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 8, 8, nanos::get);
        limiter.overloaded(limiter.acquire(ANY), Duration.ofSeconds(2));
        Turn turn = limiter.enter(ANY);
        assertThat(limiter.isGranted(turn)).isFalse();

        nanos.set(Duration.ofSeconds(1).toNanos());
        limiter.grant();
        assertThat(limiter.isGranted(turn)).isFalse();

        nanos.set(Duration.ofSeconds(2).toNanos());
        limiter.grant();
        assertThat(limiter.isGranted(turn)).isTrue();
    }

    @Test
    void keepsTheLineOnOurSideWhenTheServerIsSlow() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 64, 64, nanos::get);
        answersTake(Duration.ofMillis(10), limiter, nanos);
        assertThat(limiter.limit()).as("quick answers").isEqualTo(64);

        for (int i = 0; i < 40; i++) {
            answersTake(Duration.ofMillis(200), limiter, nanos);
        }
        assertThat(limiter.limit()).as("slow ones").isEqualTo(AdaptiveLimiter.LEAST_WHEN_SLOW - 1);

        for (int i = 0; i < 100; i++) {
            answersTake(Duration.ofMillis(10), limiter, nanos);
        }
        assertThat(limiter.limit()).as("quick ones again").isEqualTo(64);
    }

    @Test
    void aServerThatIsFarAwayIsNoSlowOne() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 4, 64, nanos::get);
        for (int i = 0; i < 100; i++) {
            answersTake(Duration.ofMillis(150), limiter, nanos);
        }
        assertThat(limiter.limit()).isEqualTo(64);
    }

    /** A round of requests, all answered after this time. */
    private static void answersTake(Duration time, AdaptiveLimiter limiter, AtomicLong nanos)
            throws InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (int i = limiter.limit(); i > 0; i--) {
            turns.add(limiter.acquire(ANY));
        }
        nanos.addAndGet(time.toNanos());
        turns.forEach(limiter::succeeded);
    }

    @Test
    void letsNamespacesTakeTurns() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        Map<Turn, String> turns = new LinkedHashMap<>();
        Turn first = limiter.enter(ANY);
        for (int i = 0; i < 4; i++) {
            turns.put(limiter.enter(Demand.work("many", 0)), "many");
        }
        turns.put(limiter.enter(Demand.work("few", 0)), "few");
        turns.put(limiter.enter(Demand.work("few", 0)), "few");
        assertThat(order(limiter, first, turns)).containsExactly("many", "few", "many", "few", "many", "many");
    }

    @Test
    void prefersWorkflowsOfHigherPriorityInTheirNamespace() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        Map<Turn, String> turns = new LinkedHashMap<>();
        Turn first = limiter.enter(ANY);
        turns.put(limiter.enter(Demand.work("a", 0)), "low");
        turns.put(limiter.enter(Demand.work("a", 5)), "high");
        turns.put(limiter.enter(Demand.work("a", 5)), "high, later");
        turns.put(limiter.enter(Demand.work("b", 1)), "elsewhere");
        assertThat(order(limiter, first, turns)).containsExactly("high", "elsewhere", "high, later", "low");
    }

    @Test
    void showsHowAWorkflowStandsBeforeItsNextPods() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        Map<Turn, String> turns = new LinkedHashMap<>();
        Turn first = limiter.enter(ANY);
        turns.put(limiter.enter(Demand.work("a", 9)), "pod");
        turns.put(limiter.enter(Demand.work("a", 9)), "pod");
        turns.put(limiter.enter(Demand.showing("a")), "status");
        assertThat(order(limiter, first, turns)).containsExactly("status", "pod", "pod");
    }

    @Test
    void putsOffTidyingButNotForEver() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        Map<Turn, String> turns = new LinkedHashMap<>();
        Turn first = limiter.enter(ANY);
        turns.put(limiter.enter(new Demand(Urgency.TIDYING, "a", 9)), "tidying");
        for (int i = 0; i < 40; i++) {
            turns.put(limiter.enter(Demand.work("a", 0)), "work");
        }
        List<String> order = order(limiter, first, turns);
        assertThat(order.indexOf("tidying")).isBetween(2, 16);
    }

    @Test
    void finishesWhatHasBegunButLetsOthersBegin() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        Map<Turn, String> turns = new LinkedHashMap<>();
        Turn first = limiter.enter(ANY);
        turns.put(limiter.enter(Demand.starting("a", 0)), "first pod");
        turns.put(limiter.enter(Demand.tidying("a")), "label");
        for (int i = 0; i < WaitingLine.SHARE; i++) {
            turns.put(limiter.enter(Demand.work("a", 0)), "next pod");
        }
        assertThat(order(limiter, first, turns))
                .startsWith("next pod", "next pod")
                .containsSubsequence("first pod", "next pod", "label");
    }

    @Test
    void tidiesBesideWorkOnlyInItsOwnTurns() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 64, 64);
        Turn work = limiter.enter(ANY);
        List<Turn> tidying = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tidying.add(limiter.enter(Demand.tidying("a")));
        }
        assertThat(tidying).as("while work is under way").noneMatch(limiter::isGranted);

        for (int i = 0; i < WaitingLine.SHARE; i++) {
            Turn next = limiter.enter(ANY);
            limiter.succeeded(work);
            work = next;
        }
        assertThat(tidying)
                .as("after sixteen turns")
                .filteredOn(limiter::isGranted)
                .hasSize(1);

        limiter.succeeded(work);
        assertThat(tidying)
                .as("nothing else to do, and a sixteenth of the limit")
                .filteredOn(limiter::isGranted)
                .hasSize(4);
    }

    @Test
    void putsOffOnlySoMuchTidying() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 64, 64);
        limiter.enter(ANY);
        List<Turn> tidying = new ArrayList<>();
        for (int i = 0; i <= WaitingLine.MOST_PUT_OFF; i++) {
            tidying.add(limiter.enter(Demand.tidying("a")));
        }
        assertThat(tidying).filteredOn(limiter::isGranted).hasSize(1);
    }

    @Test
    void whoGivesUpTakesNobodysTurn() throws InterruptedException {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 1, 1);
        Turn first = limiter.acquire(ANY);
        Thread impatient = Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire(ANY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (limiter.waiting() == 0) {
            Thread.onSpinWait();
        }
        impatient.interrupt();
        impatient.join();
        Turn second = limiter.enter(ANY);
        limiter.succeeded(first);
        assertThat(limiter.isGranted(second)).isTrue();
        assertThat(limiter.inFlight()).isEqualTo(1);
    }

    private static void round(AdaptiveLimiter limiter) throws InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (int i = limiter.limit(); i > 0; i--) {
            turns.add(limiter.acquire(ANY));
        }
        turns.forEach(limiter::succeeded);
    }

    /** Gives turns back one by one; returns who got one, in order. */
    private static List<String> order(AdaptiveLimiter limiter, Turn first, Map<Turn, String> waiting) {
        List<String> order = new ArrayList<>();
        Turn current = first;
        while (!waiting.isEmpty()) {
            limiter.succeeded(current);
            current = waiting.keySet().stream()
                    .filter(limiter::isGranted)
                    .findFirst()
                    .orElseThrow();
            order.add(String.valueOf(waiting.remove(current)));
        }
        return order;
    }

    @Test
    void whatNobodyWaitsForLeavesRoomForWhatMayCome() {
        AdaptiveLimiter limiter = new AdaptiveLimiter(1, 32, 32);
        List<Turn> marks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            marks.add(limiter.enter(Demand.tidying("a")));
        }
        assertThat(marks).filteredOn(limiter::isGranted).hasSize(2);

        limiter.succeeded(marks.getFirst());

        assertThat(marks.subList(1, 10)).filteredOn(limiter::isGranted).hasSize(2);
        assertThat(limiter.isGranted(limiter.enter(ANY))).isTrue();
    }
}
