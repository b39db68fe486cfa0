package io.tiphys.controller.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.controller.ownership.ShardPlan.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardPlanTest {
    private static final int SHARDS = 64;

    @Test
    void theFirstMemberGetsAll() {
        assertThat(ShardPlan.plan(SHARDS, Map.of("a", claim(-1))).get("a")).hasSize(SHARDS);
    }

    @Test
    void whoMustGiveUpShardsIsToldFirstAndTheNewcomerGetsThemInTheNextRound() {
        SortedMap<String, NavigableSet<Integer>> first =
                ShardPlan.plan(SHARDS, Map.of("a", claim(1, all()), "b", claim(-1)));
        assertThat(first.get("a")).hasSize(32);
        assertThat(first.get("b")).isEmpty();

        SortedMap<String, NavigableSet<Integer>> second =
                ShardPlan.plan(SHARDS, Map.of("a", claim(2, Objects.requireNonNull(first.get("a"))), "b", claim(2)));
        assertThat(second.get("a")).isEqualTo(first.get("a"));
        assertThat(second.get("b")).hasSize(32).doesNotContainAnyElementsOf(second.get("a"));
    }

    @Test
    void shardsOfADeadMemberAreTakenOverAtOnceAndNoOtherMoves() {
        List<Integer> one = range(0, 22);
        List<Integer> two = range(22, 43);

        SortedMap<String, NavigableSet<Integer>> plan =
                ShardPlan.plan(SHARDS, Map.of("a", claim(3, one), "b", claim(3, two)));

        assertThat(plan.get("a")).containsAll(one).hasSize(32);
        assertThat(plan.get("b")).containsAll(two).hasSize(32);
    }

    @Test
    void ofTwoWhoClaimTheSameTheYoungerGenerationHasIt() {
        SortedMap<String, NavigableSet<Integer>> plan =
                ShardPlan.plan(2, Map.of("a", claim(4, List.of(0, 1)), "b", claim(7, List.of(0))));

        assertThat(plan.get("b")).containsExactly(0);
        assertThat(plan.get("a")).containsExactly(1);
    }

    /** Members come, go and die: nobody ever owns what another one does, and soon all is owned, evenly, with few moves. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void staysSafeAndBalancedWhateverTheMembersDo(long seed) {
        Random random = new Random(seed);
        Map<String, NavigableSet<Integer>> owned = new HashMap<>();
        int generation = 0;
        int born = 0;
        for (int change = 0; change < 40; change++) {
            if (owned.isEmpty() || (random.nextInt(3) > 0 && owned.size() < 9)) {
                owned.put("member-" + born++, new TreeSet<>());
            } else {
                owned.remove(List.copyOf(new TreeSet<>(owned.keySet())).get(random.nextInt(owned.size())));
            }
            if (owned.isEmpty()) {
                continue;
            }
            int orphans = SHARDS - owned.values().stream().mapToInt(Set::size).sum();
            int moves = 0;
            boolean settled = false;
            for (int round = 0; round < 3 && !settled; round++) {
                generation++;
                int current = generation;
                SortedMap<String, NavigableSet<Integer>> plan = ShardPlan.plan(
                        SHARDS,
                        owned.entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, entry -> claim(current, entry.getValue()))));
                Map<String, NavigableSet<Integer>> before = Map.copyOf(owned);
                plan.forEach((member, shards) -> before.forEach((other, has) -> assertThat(shards)
                        .as("%s gets nothing that %s has", member, other)
                        .satisfies(_ -> assertThat(
                                        member.equals(other) || shards.stream().noneMatch(has::contains))
                                .isTrue())));
                settled = plan.equals(owned);
                moves += plan.entrySet().stream()
                        .mapToInt(entry -> {
                            Set<Integer> gained = new HashSet<>(entry.getValue());
                            gained.removeAll(before.get(entry.getKey()));
                            return gained.size();
                        })
                        .sum();
                owned.putAll(plan);
            }
            List<Integer> all = new ArrayList<>();
            owned.values().forEach(all::addAll);
            assertThat(all).hasSize(SHARDS).doesNotHaveDuplicates();
            int fair = SHARDS / owned.size();
            assertThat(owned.values()).allSatisfy(shards -> assertThat(shards).hasSizeBetween(fair, fair + 1));
            assertThat(moves).as("moves").isLessThanOrEqualTo(Math.max(orphans, fair + 1) + owned.size());
        }
    }

    private static Claim claim(int generation, Integer... shards) {
        return new Claim(generation, List.of(shards));
    }

    private static Claim claim(int generation, Iterable<Integer> shards) {
        List<Integer> list = new ArrayList<>();
        shards.forEach(list::add);
        return new Claim(generation, list);
    }

    private static List<Integer> all() {
        return range(0, SHARDS);
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
