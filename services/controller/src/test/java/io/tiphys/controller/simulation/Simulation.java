package io.tiphys.controller.simulation;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.journal.SimulatedPartition;
import io.tiphys.controller.locks.SimulatedLockTopic;
import io.tiphys.engine.LockRequest;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A few workflows from their creation to their end under several controllers. For a while everything goes wrong that can; then all
 * is well, and every workflow must come to its end. The {@link Rules} are checked with everything that is written, made or done.
 */
final class Simulation {
    private static final Duration STORM = Duration.ofMinutes(4);
    private static final Duration LONGEST_BREAK = Duration.ofSeconds(30);
    private static final Duration OUTAGE = Duration.ofMinutes(1);
    private static final Duration ROUND = Duration.ofMinutes(2);
    private static final Duration SETTLED = Duration.ofSeconds(70);
    private static final int MOST_EVENTS = 400_000;
    private static final int MOST_ROUNDS = 40;

    private final Dice dice;
    private final World world;
    private final SimulatedCluster cluster;
    private final Rules rules;
    private final SimulatedGroup group;
    private final SimulatedUsers users;
    private final ControllerParts.Outside outside;
    private final List<SimulatedController> controllers = new ArrayList<>();
    private int started;
    private int events;

    private Simulation(long seed) {
        this.dice = Dice.of(seed);
        this.world = new World(dice.split());
        this.cluster = new SimulatedCluster(world);
        cluster.holdsPods = seed % 2 == 0;
        int parallelism = dice.oneIn(3) ? dice.between(1, 2) : 0;
        this.rules = new Rules(Simulation::limit);
        SimulatedInbox results = new SimulatedInbox();
        SimulatedInbox commands = new SimulatedInbox();
        this.outside = new ControllerParts.Outside(
                cluster, journal(), results, commands, new SimulatedLockTopic(), parallelism);
        cluster.pods.onChange((pod, isGone) -> rules.podSeen(pod));
        new SimulatedKubelet(world, dice.split(), cluster, results);
        this.group = new SimulatedGroup(world, dice.split());
        this.users = new SimulatedUsers(world, dice.split(), cluster, commands, rules);
    }

    private List<SimulatedPartition> journal() {
        List<SimulatedPartition> partitions = new ArrayList<>();
        for (int i = 0; i < World.SHARDS; i++) {
            partitions.add(new SimulatedPartition(i, rules));
        }
        return partitions;
    }

    private static int limit(LockRequest.Kind kind) {
        return switch (kind) {
            case MUTEX -> 1;
            case SEMAPHORE -> 2;
            case PARALLELISM -> Integer.MAX_VALUE;
        };
    }

    /**
     * Runs the world of this seed; the same seed is the same world on every machine.
     *
     * @throws AssertionError if a rule is broken or a workflow doesn't end; says how to see it again
     */
    static void run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed %d, again with ./tiphys test -pl services/controller -Dtest=SimulationTest -Dsimulation.seed=%d -Dsimulation.count=1\n%s\n%s"
                            .formatted(seed, seed, e, simulation.world.story()),
                    e);
        }
    }

    private void run() {
        int members = dice.between(1, 3);
        for (int i = 0; i < members; i++) {
            start();
        }
        int workflows = dice.between(1, 3);
        for (int i = 0; i < workflows; i++) {
            world.time.after(dice.upTo(ROUND), users::create);
        }
        storm();
        while (world.time.elapsed().compareTo(STORM) < 0) {
            advance();
        }
        world.note(() -> "all is well from here on");
        world.calmDown();
        while (controllers.size() < members) {
            start();
        }
        for (int round = 0; !isOver(); round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("no end: " + unended() + unsettled());
            }
            help(round);
            Duration until = world.time.elapsed().plus(ROUND);
            while (world.time.elapsed().compareTo(until) < 0 && !isOver()) {
                advance();
            }
        }
        atTheEnd();
    }

    private void advance() {
        if (++events > MOST_EVENTS) {
            throw new AssertionError("no end after " + events + " events");
        }
        if (!world.time.advance()) {
            throw new AssertionError("nothing will ever happen again: " + unended());
        }
    }

    // --- what goes wrong ---

    private void storm() {
        world.time.after(dice.upTo(LONGEST_BREAK), () -> {
            if (!world.isCalm()) {
                happen();
                storm();
            }
        });
    }

    private void happen() {
        switch (dice.below(12)) {
            case 0, 1 -> kill();
            case 2 -> cutOff();
            case 3 -> leave();
            case 4 -> start();
            case 5 -> {
                world.note(() -> "the API server is away");
                world.apiServerIsAway(true);
                world.time.after(dice.upTo(OUTAGE), () -> world.apiServerIsAway(false));
            }
            case 6 -> {
                world.note(() -> "Kafka is away");
                world.kafkaIsAway(true);
                world.time.after(dice.upTo(OUTAGE), () -> world.kafkaIsAway(false));
            }
            default -> users.meddle();
        }
    }

    private void start() {
        if (controllers.size() < 4) {
            SimulatedController controller =
                    new SimulatedController("controller-" + ++started, world, dice.split(), group, rules, outside);
            controllers.add(controller);
            group.join(controller);
        }
    }

    private void kill() {
        if (!controllers.isEmpty()) {
            SimulatedController victim = dice.pick(controllers);
            victim.kill();
            controllers.remove(victim);
            group.lost(victim);
            world.time.after(dice.upTo(LONGEST_BREAK), this::start);
        }
    }

    private void leave() {
        if (!controllers.isEmpty()) {
            SimulatedController leaving = dice.pick(controllers);
            controllers.remove(leaving);
            if (leaving.isMember()) {
                group.leave(leaving);
            } else {
                group.lost(leaving);
            }
            leaving.kill();
            world.time.after(dice.upTo(LONGEST_BREAK), this::start);
        }
    }

    /** The others take over what it has while it goes on, until it finds out. */
    private void cutOff() {
        if (controllers.isEmpty()) {
            return;
        }
        SimulatedController lost = dice.pick(controllers);
        if (!lost.isMember()) {
            return;
        }
        lost.isCutOff();
        group.lost(lost);
        world.time.after(Duration.ofSeconds(11).plus(dice.upTo(LONGEST_BREAK)), () -> {
            if (lost.isAlive()) {
                lost.findsOut();
                group.join(lost);
            }
        });
    }

    // --- the way to the end ---

    private void help(int round) {
        for (WorkflowRef ref : users.workflows()) {
            Workflow workflow = cluster.workflow(ref.name(), ref.uid());
            if (workflow != null && !workflow.getStatus().phase().isFulfilled()) {
                if (round < 6) {
                    users.resume(ref);
                } else {
                    users.terminate(ref);
                }
            }
        }
    }

    private boolean isOver() {
        return unended().isEmpty()
                && group.isSettled()
                && users.isIdle()
                && outside.results().isDone()
                && outside.commands().isDone()
                && controllers.stream().allMatch(SimulatedController::isIdle)
                && cluster.pods.list().stream().allMatch(SimulatedCluster::hasEnded);
    }

    private String unsettled() {
        return (group.isSettled() ? "" : " the group,")
                + (users.isIdle() ? "" : " users,")
                + (outside.results().isDone() ? "" : " results,")
                + (outside.commands().isDone() ? "" : " commands,")
                + controllers.stream()
                        .filter(controller -> !controller.isIdle())
                        .map(controller -> controller.name)
                        .toList()
                + cluster.pods.list().stream()
                        .filter(pod -> !SimulatedCluster.hasEnded(pod))
                        .map(pod -> pod.getMetadata().getName())
                        .toList();
    }

    private List<String> unended() {
        List<String> unended = new ArrayList<>();
        for (WorkflowRef ref : users.workflows()) {
            Workflow workflow = cluster.workflow(ref.name(), ref.uid());
            if (workflow == null) {
                continue;
            }
            WorkflowPhase phase = workflow.getStatus().phase();
            Rules.Journaled journaled = rules.of(ref.uid());
            var labels = workflow.getMetadata().getLabels();
            boolean isLabelled = labels != null && phase.json().equals(labels.get("workflows.argoproj.io/phase"));
            boolean isJournaled = journaled.run != null && journaled.run.phase() == phase;
            if (!phase.isFulfilled() || !isLabelled || !isJournaled) {
                unended.add(ref.name() + " is " + phase + ", its run "
                        + (journaled.run == null
                                ? "never began"
                                : journaled.run.phase().json()) + ", its labels "
                        + labels);
            }
        }
        return unended;
    }

    private void atTheEnd() {
        rules.nothingIsLeft(cluster);
        users.sent().forEach((id, ref) -> {
            boolean isThere = cluster.workflow(ref.name(), ref.uid()) != null;
            if (isThere && !rules.of(ref.uid()).commands.contains(id)) {
                throw new AssertionError("the " + id + " on " + ref.name() + " got lost");
            }
        });
        settle();
        rules.podsAreTidy(cluster);
        long written = rules.written;
        int pods = cluster.pods.version();
        controllers.forEach(SimulatedController::resync);
        settle();
        if (rules.written != written || cluster.pods.version() != pods) {
            throw new AssertionError("telling everything again changed something: "
                    + (rules.written - written) + " records more in journals, the last " + rules.lastWritten + ", "
                    + (cluster.pods.version() - pods) + " changes of pods");
        }
    }

    /** What is still to be done is done within this time, deletions that were put off included. */
    private void settle() {
        Duration until = world.time.elapsed().plus(SETTLED);
        while (world.time.elapsed().compareTo(until) < 0) {
            advance();
        }
    }
}
