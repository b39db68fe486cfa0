package io.tiphys.engine.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.engine.LockRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private static final Instant MORNING = Instant.parse("2026-01-01T06:00:00Z");
    private static final String SEMAPHORE = "default/ConfigMap/limits/jobs";

    private final LockTable table = new LockTable();

    @Test
    void grantsWhatIsFreeAndTellsTheOthersToWait() {
        table.want(wish("a", 0, MORNING, mutex("m")));
        table.want(wish("b", 0, MORNING, mutex("m")));

        assertThat(table.decide())
                .containsExactly(
                        new LockAnswer.Granted("a"),
                        new LockAnswer.Delayed(
                                "b",
                                "default/Mutex/m",
                                "Waiting for default/Mutex/m lock. Lock status: 0/1",
                                Map.of("default/Mutex/m", List.of("default/a"))));
        assertThat(table.decide()).isEmpty();

        table.release("a");
        assertThat(table.decide()).containsExactly(new LockAnswer.Granted("b"));
    }

    @Test
    void letsThePriorityThenTheOlderWorkflowGoFirst() {
        table.want(wish("holder", 0, MORNING, mutex("m")));
        table.decide();
        table.want(wish("young", 0, MORNING.plusSeconds(2), mutex("m")));
        table.want(wish("old", 0, MORNING.plusSeconds(1), mutex("m")));
        table.want(wish("urgent", 9, MORNING.plusSeconds(3), mutex("m")));
        table.decide();

        List<String> order = new ArrayList<>();
        for (String holder = "holder"; order.size() < 3; ) {
            table.release(holder);
            holder = granted().getFirst();
            order.add(holder);
        }
        assertThat(order).containsExactly("urgent", "old", "young");
    }

    @Test
    void takesAllLocksOrNone() {
        table.want(wish("a", 0, MORNING, mutex("x")));
        table.want(wish("b", 0, MORNING, mutex("x"), mutex("y")));
        table.want(wish("c", 0, MORNING.plusSeconds(1), mutex("y")));
        table.decide();

        assertThat(table.holders("default/Mutex/y"))
                .as("b was there first, and would starve if c were let through")
                .isEmpty();
        table.release("a");
        assertThat(granted()).containsExactly("b");
        table.release("b");
        assertThat(granted()).containsExactly("c");
    }

    @Test
    void nodesOfOneWorkflowDontWaitForEachOthersTurn() {
        table.want(wish("other", 0, MORNING, mutex("x")));
        table.want(node("wf/1", mutex("x"), mutex("y")));
        table.want(node("wf/2", mutex("y")));

        assertThat(granted()).containsExactly("other", "wf/2");
    }

    @Test
    void whoCameFirstIsFirstAtAllLocksThatComeFreeTogether() {
        table.want(node("wf/0", mutex("x"), mutex("y")));
        table.want(node("wf/1", mutex("y"), mutex("x")));
        table.want(node("wf/2", mutex("x")));
        table.want(node("wf/3", mutex("y")));
        table.decide();

        table.release("wf/0");
        assertThat(granted()).containsExactly("wf/1");
        table.release("wf/1");
        assertThat(granted()).containsExactly("wf/2", "wf/3");
    }

    @Test
    void whoIsKeptByAnotherLockLetsItsOwnWorkflowPassAndIsFoundAgain() {
        table.want(wish("x", 9, MORNING, mutex("x")));
        table.want(wish("y", 9, MORNING, mutex("y")));
        table.want(node("wf/1", mutex("x"), mutex("y")));
        table.want(node("wf/2", mutex("x"), mutex("y")));
        table.want(node("wf/3", mutex("x")));
        assertThat(granted()).containsExactly("x", "y");

        table.release("x");
        assertThat(granted()).containsExactly("wf/3");
        table.release("y");
        assertThat(granted()).as("y is free, x isn't").isEmpty();
        table.release("wf/1");
        assertThat(granted()).as("who gives up in front holds up nobody").isEmpty();
        table.release("wf/3");
        assertThat(granted()).containsExactly("wf/2");
        assertThat(table.usage())
                .containsExactly(
                        new LockTable.Usage("default/Mutex/x", LockRequest.Kind.MUTEX, 1, 0),
                        new LockTable.Usage("default/Mutex/y", LockRequest.Kind.MUTEX, 1, 0));
    }

    @Test
    void waitsForALimitAndFollowsIt() {
        for (String key : List.of("a", "b", "c", "d")) {
            table.want(wish(key, 0, MORNING, semaphore()));
        }
        assertThat(table.decide()).as("nobody knows the limit yet").isEmpty();
        assertThat(table.unknownLimits()).containsExactly(semaphore());

        table.limit(SEMAPHORE, OptionalInt.of(2));
        assertThat(granted()).containsExactly("a", "b");
        table.limit(SEMAPHORE, OptionalInt.of(3));
        assertThat(granted()).containsExactly("c");
        table.limit(SEMAPHORE, OptionalInt.of(1));
        table.release("a");
        table.release("b");
        assertThat(granted()).as("holders beyond a lower limit drain first").isEmpty();
        table.release("c");
        assertThat(granted()).containsExactly("d");
    }

    @Test
    void refusesWhereThereNeverWasALimit() {
        table.want(wish("a", 0, MORNING, semaphore()));
        table.limit(SEMAPHORE, OptionalInt.empty());

        assertThat(table.decide())
                .containsExactly(
                        new LockAnswer.Refused("a", "failed to initialize semaphore " + SEMAPHORE + " with limit"));
        table.release("a");
        table.want(wish("b", 0, MORNING, semaphore()));
        table.limit(SEMAPHORE, OptionalInt.of(1));
        assertThat(granted()).as("the limit is looked up anew").containsExactly("b");
    }

    @Test
    void keepsTheLastLimitWhenItsConfigMapIsGone() {
        table.want(wish("a", 0, MORNING, semaphore()));
        table.want(wish("b", 0, MORNING, semaphore()));
        table.limit(SEMAPHORE, OptionalInt.of(1));
        table.decide();

        table.limit(SEMAPHORE, OptionalInt.empty());
        assertThat(table.decide()).isEmpty();
        table.release("a");
        assertThat(granted()).containsExactly("b");
    }

    @Test
    void zeroLetsNobodyInButRefusesNobody() {
        table.want(wish("a", 0, MORNING, semaphore()));
        table.want(wish("b", 0, MORNING, semaphore()));
        table.limit(SEMAPHORE, OptionalInt.of(1));
        table.decide();

        table.limit(SEMAPHORE, OptionalInt.of(0));
        assertThat(table.decide())
                .extracting(answer -> answer instanceof LockAnswer.Delayed delayed ? delayed.message() : answer)
                .containsExactly("Failed to get semaphore limit for " + SEMAPHORE);
    }

    @Test
    void aGrantThatIsToldBeforeItsWishStands() {
        table.granted("a");
        table.want(wish("b", 0, MORNING, mutex("m")));
        table.want(wish("a", 0, MORNING.plusSeconds(1), mutex("m")));

        assertThat(table.isGranted("a")).isTrue();
        table.decide();
        assertThat(table.isGranted("b")).as("it would be one too many").isFalse();
    }

    @Test
    void aFullNamespaceDoesntKeepOthersFromRunning() {
        LockRequest all = new LockRequest(LockTable.ALL_WORKFLOWS, LockRequest.Kind.PARALLELISM);
        LockRequest one = new LockRequest(LockTable.workflowsOf("one"), LockRequest.Kind.PARALLELISM);
        LockRequest two = new LockRequest(LockTable.workflowsOf("two"), LockRequest.Kind.PARALLELISM);
        table.want(wish("a", 0, MORNING, all, one));
        table.want(wish("b", 0, MORNING.plusSeconds(1), all, one));
        table.want(wish("c", 0, MORNING.plusSeconds(2), all, two));
        table.limit(all.name(), OptionalInt.of(2));
        table.limit(one.name(), OptionalInt.of(1));
        table.limit(two.name(), OptionalInt.of(5));

        assertThat(granted()).containsExactlyInAnyOrder("a", "c");
    }

    private List<String> granted() {
        return table.decide().stream()
                .filter(LockAnswer.Granted.class::isInstance)
                .map(LockAnswer::key)
                .toList();
    }

    private static LockRequest mutex(String name) {
        return new LockRequest("default/Mutex/" + name, LockRequest.Kind.MUTEX);
    }

    private static LockRequest semaphore() {
        return new LockRequest(SEMAPHORE, LockRequest.Kind.SEMAPHORE);
    }

    private static LockWish wish(String key, int priority, Instant createdAt, LockRequest... requests) {
        return new LockWish(key, key, "default/" + key, List.of(requests), priority, createdAt, false);
    }

    private static LockWish node(String key, LockRequest... requests) {
        return new LockWish(key, "wf", "default/" + key, List.of(requests), 0, MORNING.plusSeconds(9), false);
    }
}
