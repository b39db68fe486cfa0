package io.tiphys.controller.simulation;

import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The consumer group of the controllers: who gets which shards, when, and when somebody counts as lost. Each assignment of a shard
 * has a number of its own, higher than those before.
 */
final class SimulatedGroup {
    static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration REBALANCE = Duration.ofSeconds(3);

    private record Assignment(SimulatedController owner, int epoch) {}

    private final World world;
    private final Dice dice;
    private final List<SimulatedController> members = new ArrayList<>();
    private final Map<Integer, Assignment> assignments = new TreeMap<>();
    private boolean rebalancing;
    private int epochs;

    SimulatedGroup(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    void join(SimulatedController member) {
        members.add(member);
        rebalance();
    }

    /** Leaves in good order: what it has is given up first. */
    void leave(SimulatedController member) {
        members.remove(member);
        release(member);
        member.own(Map.of());
        rebalance();
    }

    /** Nothing was heard of it for a while, as it died or can't be reached. */
    void lost(SimulatedController member) {
        world.time.after(SESSION, () -> {
            if (members.remove(member)) {
                release(member);
                rebalance();
            }
        });
    }

    boolean owns(SimulatedController member, int shard, int epoch) {
        Assignment assignment = assignments.get(shard);
        return assignment != null && assignment.owner() == member && assignment.epoch() == epoch;
    }

    /** Whether every shard has an owner. */
    boolean isSettled() {
        return !rebalancing && assignments.size() == World.SHARDS;
    }

    private void release(SimulatedController member) {
        assignments.values().removeIf(assignment -> assignment.owner() == member);
    }

    private void rebalance() {
        if (rebalancing) {
            return;
        }
        rebalancing = true;
        world.time.after(dice.upTo(REBALANCE), () -> {
            rebalancing = false;
            if (dice.coin()) {
                members.forEach(this::revokeAll);
                world.time.after(dice.upTo(REBALANCE), this::assign);
            } else {
                assign();
            }
        });
    }

    private void revokeAll(SimulatedController member) {
        if (member.isMember()) {
            // offsets are committed while the shards still count as the member's
            member.own(Map.of());
        }
        release(member);
    }

    private void assign() {
        if (members.isEmpty() || rebalancing) {
            return;
        }
        for (int shard = 0; shard < World.SHARDS; shard++) {
            SimulatedController wanted = members.get(shard * members.size() / World.SHARDS);
            Assignment now = assignments.get(shard);
            if (now != null && now.owner() != wanted) {
                Map<Integer, Integer> rest = of(now.owner());
                rest.remove(shard);
                if (now.owner().isMember()) {
                    now.owner().own(rest);
                }
                assignments.remove(shard);
            }
        }
        for (int shard = 0; shard < World.SHARDS; shard++) {
            SimulatedController wanted = members.get(shard * members.size() / World.SHARDS);
            assignments.computeIfAbsent(shard, _ -> new Assignment(wanted, ++epochs));
        }
        for (SimulatedController member : members) {
            world.time.after(dice.upTo(REBALANCE), () -> {
                if (member.isMember() && members.contains(member)) {
                    member.own(of(member));
                }
            });
        }
    }

    private Map<Integer, Integer> of(SimulatedController member) {
        Map<Integer, Integer> epochsOf = new LinkedHashMap<>();
        assignments.forEach((shard, assignment) -> {
            if (assignment.owner() == member) {
                epochsOf.put(shard, assignment.epoch());
            }
        });
        return epochsOf;
    }
}
