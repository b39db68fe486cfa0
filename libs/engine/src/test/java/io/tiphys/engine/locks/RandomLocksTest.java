package io.tiphys.engine.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.engine.LockRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wishes, releases and limits in random order. After each decision: no limit is exceeded, nobody holds only some of its
 * locks, nobody waits who could go on, nobody overtook whoever had the turn; and a table that only hears what happened is the same.
 */
class RandomLocksTest {
    private static final Instant MORNING = Instant.parse("2026-01-01T06:00:00Z");

    static Stream<Long> seeds() {
        return LongStream.range(0, 300).boxed();
    }

    private final LockTable table = new LockTable();
    private final LockTable listener = new LockTable();
    private final Map<String, LockWish> wishes = new LinkedHashMap<>();
    private final Map<String, Integer> limits = new LinkedHashMap<>();
    private int number;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void holdsItsInvariants(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int step = 0; step < 120; step++) {
            int choice = random.nextInt(10);
            if (choice < 5) {
                want(random);
            } else if (choice < 9 && !wishes.isEmpty()) {
                String key = List.copyOf(wishes.keySet()).get(random.nextInt(wishes.size()));
                wishes.remove(key);
                table.release(key);
                listener.release(key);
            } else {
                String lock = semaphore(random).name();
                int limit = 1 + random.nextInt(4);
                int highest = Math.max(limit, limits.getOrDefault(lock, 0)); // a lower one takes nothing from who holds
                limits.put(lock, highest);
                table.limit(lock, OptionalInt.of(highest));
            }
            tellUnknownLimits(random);
            decide();
        }
        List.copyOf(wishes.keySet()).forEach(key -> {
            wishes.remove(key);
            table.release(key);
            listener.release(key);
            decide();
        });
        assertThat(table.usage()).isEmpty();
    }

    private void want(RandomGenerator random) {
        List<LockRequest> requests = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            requests.add(
                    random.nextBoolean()
                            ? semaphore(random)
                            : new LockRequest("ns/Mutex/" + random.nextInt(4), LockRequest.Kind.MUTEX));
        }
        String workflow = "wf" + random.nextInt(8);
        LockWish wish = new LockWish(
                workflow + "/" + number,
                workflow,
                "ns/" + workflow + "/" + number++,
                requests,
                random.nextInt(2),
                MORNING.plusSeconds(random.nextInt(3)),
                false);
        wishes.put(wish.key(), wish);
        table.want(wish);
        listener.want(wish);
        if (random.nextInt(8) == 0) {
            table.want(wish); // said twice
        }
    }

    private void tellUnknownLimits(RandomGenerator random) {
        for (LockRequest request : table.unknownLimits()) {
            limits.putIfAbsent(request.name(), 1 + random.nextInt(3));
            table.limit(request.name(), OptionalInt.of(Objects.requireNonNull(limits.get(request.name()))));
        }
    }

    private void decide() {
        for (LockAnswer answer : table.decide()) {
            assertThat(wishes).containsKey(answer.key());
            if (answer instanceof LockAnswer.Granted(var key)) {
                listener.granted(key);
            }
        }
        for (LockTable.Usage usage : table.usage()) {
            int limit = usage.kind() == LockRequest.Kind.MUTEX ? 1 : Objects.requireNonNull(limits.get(usage.lock()));
            assertThat(usage.held()).as(usage.lock()).isLessThanOrEqualTo(limit);
            assertThat(listener.holders(usage.lock()))
                    .as("what a table knows that only listens")
                    .containsExactlyInAnyOrderElementsOf(table.holders(usage.lock()));
        }
        for (LockWish wish : wishes.values()) {
            for (LockRequest request : wish.requests()) {
                assertThat(table.holders(request.name()).contains(wish.holder()))
                        .as("all or none: " + wish)
                        .isEqualTo(table.isGranted(wish.key()));
            }
            if (!table.isGranted(wish.key())) {
                assertThat(mayGo(wish))
                        .as("waits although it could go on: " + wish)
                        .isFalse();
            }
        }
    }

    /** By the rules, said another way: room in each lock, and nobody of another workflow waits before it. */
    private boolean mayGo(LockWish wish) {
        return wish.requests().stream().allMatch(request -> {
            int limit =
                    request.kind() == LockRequest.Kind.MUTEX ? 1 : Objects.requireNonNull(limits.get(request.name()));
            return table.holders(request.name()).size() < limit
                    && wishes.values().stream()
                            .filter(other -> !table.isGranted(other.key())
                                    && other.requests().contains(request)
                                    && !other.workflow().equals(wish.workflow()))
                            .noneMatch(other -> comesBefore(other, wish));
        });
    }

    private static boolean comesBefore(LockWish one, LockWish other) {
        int byPriority = Integer.compare(other.priority(), one.priority());
        int byAge = one.createdAt().compareTo(other.createdAt());
        return byPriority != 0
                ? byPriority < 0
                : byAge != 0 ? byAge < 0 : one.workflow().compareTo(other.workflow()) < 0;
    }

    private static LockRequest semaphore(RandomGenerator random) {
        return new LockRequest("ns/ConfigMap/limits/" + random.nextInt(3), LockRequest.Kind.SEMAPHORE);
    }
}
