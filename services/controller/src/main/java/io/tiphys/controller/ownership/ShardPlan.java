package io.tiphys.controller.ownership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is to own which shard. Everybody gets as many as everybody else, give or take one, and keeps what he has as far as that
 * allows. A shard that has to move is given to nobody until its owner has let go of it: he is told first, and the group
 * plans again once he has.
 */
final class ShardPlan {
    private static final Comparator<Member> MOST_FIRST =
            Comparator.comparingInt((Member member) -> -member.own.size()).thenComparing(member -> member.name);

    private ShardPlan() {}

    /**
     * Shards that a member says it owns.
     *
     * @param generation of the group, in which it got them
     */
    record Claim(int generation, Collection<Integer> shards) {}

    private static final class Member {
        private final String name;
        private final int generation;
        private final NavigableSet<Integer> own = new TreeSet<>();
        private int quota;

        Member(String name, int generation) {
            this.name = name;
            this.generation = generation;
        }

        int missing() {
            return quota - own.size();
        }
    }

    /** The shards that each member owns after this round. */
    static SortedMap<String, NavigableSet<Integer>> plan(int shards, Map<String, Claim> claims) {
        SortedMap<String, NavigableSet<Integer>> plan = new TreeMap<>();
        if (claims.isEmpty()) {
            return plan;
        }
        Map<Integer, Member> owners = new TreeMap<>();
        List<Member> members = new ArrayList<>();
        new TreeMap<>(claims).forEach((name, claim) -> {
            Member member = new Member(name, claim.generation());
            members.add(member);
            claim.shards().stream()
                    .filter(shard -> shard >= 0 && shard < shards)
                    .forEach(shard -> owners.merge(shard, member, ShardPlan::younger));
        });
        owners.forEach((shard, member) -> member.own.add(shard));

        members.sort(MOST_FIRST);
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            member.quota = shards / members.size() + (i < shards % members.size() ? 1 : 0);
            while (member.missing() < 0) {
                member.own.pollLast(); // moves; whoever gets it does so in the next round
            }
        }
        // Some of what is missing waits for those shards, so what is free goes where most is missing.
        for (int shard = 0; shard < shards; shard++) {
            if (!owners.containsKey(shard)) {
                members.stream()
                        .max(Comparator.comparingInt(Member::missing))
                        .orElseThrow()
                        .own
                        .add(shard);
            }
        }
        members.forEach(member -> plan.put(member.name, member.own));
        return plan;
    }

    /** Of two that claim the same shard the one of the younger generation has it; the other one was away. */
    private static Member younger(Member one, Member other) {
        return other.generation > one.generation ? other : one;
    }
}
