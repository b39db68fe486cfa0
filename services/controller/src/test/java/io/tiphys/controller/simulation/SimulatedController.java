package io.tiphys.controller.simulation;

import io.tiphys.controller.journal.Journal;
import io.tiphys.controller.shard.Lease;
import io.tiphys.controller.shard.Shard;
import io.tiphys.controller.shard.ShardFeed;
import io.tiphys.controller.shard.ShardInput;
import io.tiphys.controller.shard.ShardProbe;
import io.tiphys.messages.Message;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.testkit.simulator.Dice;
import io.tiphys.testkit.simulator.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process: a {@link io.tiphys.controller.Controller} whose shards are stepped instead of running on threads. It has the shards
 * that the group gave it until it is told otherwise, which may be long after others have got them.
 */
final class SimulatedController {
    private static final int LOCKS_SHARD = 0;
    private static final Duration TURN = Duration.ofMillis(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration COMMIT = Duration.ofMillis(800);
    private static final Duration POLL = Duration.ofMillis(100);

    /** A shard, and when it is to do something. */
    private final class Loop {
        final int number;
        final int epoch;
        final Shard shard;
        final Consumed results;
        final Consumed commands;
        boolean ready;
        boolean over;
        VirtualTime.@Nullable Due next;

        Loop(int number, int epoch) {
            this.number = number;
            this.epoch = epoch;
            this.shard = new Shard(number, parts.services(lease, journal), watches::again);
            this.results = new Consumed(this, parts.results());
            this.commands = new Consumed(this, parts.commands());
            world.time.after(dice.upTo(PAUSE), this::begin);
        }

        void begin() {
            if (over || !alive) {
                return;
            }
            try {
                if (!mayAct()) {
                    world.time.after(PAUSE, this::begin);
                    return;
                }
                shard.begin();
                ready = true;
                world.note(() -> name + " restored shard " + number);
                rules.restored(shard, number);
                schedule();
            } catch (Journal.JournalException e) {
                startOver();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void startOver() {
            world.note(() -> name + " starts shard " + number + " over");
            ready = false;
            shard.startOver();
            world.time.after(PAUSE.plus(dice.upTo(PAUSE)), () -> {
                if (!over && alive) {
                    watches.again();
                    begin();
                }
            });
        }

        void schedule() {
            if (over || !ready || !alive) {
                return;
            }
            if (shard.backlog() > 0) {
                turnAfter(dice.upTo(TURN));
            } else {
                shard.nextTimer().ifPresent(at -> turnAfter(Duration.between(world.time.now(), at)));
            }
        }

        private void turnAfter(Duration delay) {
            VirtualTime.Due before = next;
            if (before != null) {
                before.cancel();
            }
            next = world.time.after(delay.isNegative() ? Duration.ZERO : delay, () -> {
                next = null;
                if (mayAct()) {
                    turn();
                    schedule();
                } else {
                    turnAfter(PAUSE); // a thread that waits for the lease
                }
            });
        }

        boolean turn() {
            if (over || !ready || !mayAct()) {
                return false;
            }
            try {
                boolean goesOn = shard.turn();
                rules.turned(name, shard, number, journal.isWriter(number));
                return goesOn;
            } catch (Journal.JournalException e) {
                startOver();
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void end() {
            shard.stop();
            boolean goesOn = ready;
            while (goesOn) {
                goesOn = turn();
            }
            over = true;
            shard.end();
        }
    }

    /** One partition of an inbox as this process reads it. */
    private final class Consumed {
        private final Loop loop;
        private final SimulatedInbox inbox;
        private final TreeSet<Integer> underWay = new TreeSet<>();
        private int position;
        private boolean awake;

        Consumed(Loop loop, SimulatedInbox inbox) {
            this.loop = loop;
            this.inbox = inbox;
            this.position = inbox.committed(loop.number);
            wakeUp();
        }

        void wakeUp() {
            if (!awake && position < inbox.end(loop.number)) {
                awake = true;
                world.time.after(dice.upTo(POLL), () -> {
                    awake = false;
                    if (alive && !loop.over) {
                        deliver();
                    }
                });
            }
        }

        private void deliver() {
            if (world.isKafkaAway()) {
                world.time.after(PAUSE, this::wakeUp);
                return;
            }
            for (int most = dice.between(1, 5); most > 0 && position < inbox.end(loop.number); most--) {
                int offset = position++;
                underWay.add(offset);
                loop.shard.post(input(inbox.at(loop.number, offset), () -> done(offset)));
            }
            loop.schedule();
            wakeUp();
        }

        private void done(int offset) {
            underWay.remove(offset);
            world.time.after(dice.upTo(COMMIT), this::commit);
        }

        void commit() {
            if (world.isKafkaAway() && alive && !loop.over) {
                world.time.after(PAUSE, this::commit);
                return;
            }
            if (alive
                    && isMember
                    && !world.isKafkaAway()
                    && group.owns(SimulatedController.this, loop.number, loop.epoch)) {
                inbox.commit(loop.number, underWay.isEmpty() ? position : underWay.first());
            }
        }
    }

    final String name;
    private final World world;
    private final Dice dice;
    private final SimulatedGroup group;
    private final Rules rules;
    private final ControllerParts parts;
    private final SimulatedJournal journal;
    private final SimulatedWatches watches;
    private final Map<Integer, Loop> loops = new TreeMap<>();
    private final Lease lease;
    private @Nullable Instant believed;
    private boolean alive = true;
    private boolean isMember = true;

    SimulatedController(
            String name, World world, Dice dice, SimulatedGroup group, Rules rules, ControllerParts.Outside outside) {
        this.name = name;
        this.world = world;
        this.dice = dice;
        this.group = group;
        this.rules = rules;
        this.lease = ShardProbe.lease(SimulatedGroup.SESSION.multipliedBy(9).dividedBy(10), this::nanos);
        this.parts = new ControllerParts(name, world, dice, outside, new OwnThreads());
        this.journal = new SimulatedJournal(name, world, dice, outside.journal());
        ShardFeed feed = new ShardFeed(World.SHARDS, () -> Set.copyOf(loops.keySet()), this::post);
        this.watches = new SimulatedWatches(world, outside.cluster(), name, dice.split(), () -> alive, feed);
        parts.locks().start(feed);
        parts.results().onSend(shard -> wakeUp(shard, true));
        parts.commands().onSend(shard -> wakeUp(shard, false));
    }

    boolean isAlive() {
        return alive;
    }

    /** Gets its shards from the group, or thinks so. */
    boolean isMember() {
        return alive && isMember;
    }

    /** Exactly these from now on, each with the number of its assignment. */
    void own(Map<Integer, Integer> epochs) {
        world.note(() -> name + " owns " + epochs.keySet());
        for (Loop loop : List.copyOf(loops.values())) {
            if (!Integer.valueOf(loop.epoch).equals(epochs.get(loop.number))) {
                loop.end();
                loop.results.commit();
                loop.commands.commit();
                loops.remove(loop.number);
            }
        }
        epochs.forEach((number, epoch) -> loops.computeIfAbsent(number, _ -> new Loop(number, epoch)));
        watches.watch(loops.keySet());
        parts.locks().own(loops.containsKey(LOCKS_SHARD));
    }

    /** Dies at once, with all that it had not sent. */
    void kill() {
        world.note(() -> name + " dies");
        alive = false;
        watches.stop();
    }

    /** The group goes on without it, and it doesn't know. */
    void isCutOff() {
        world.note(() -> name + " is cut off");
        isMember = false;
    }

    /** Learns that it had been replaced, and joins again. */
    void findsOut() {
        world.note(() -> name + " finds out");
        lease.lost();
        own(Map.of());
        isMember = true;
    }

    /** Whether it has nothing to do but wait. */
    boolean isIdle() {
        return !alive
                || (parts.threads().isIdle()
                        && watches.isUpToDate()
                        && loops.values().stream().allMatch(loop -> loop.ready && loop.shard.backlog() == 0));
    }

    /** Tells everything again. */
    void resync() {
        watches.again();
    }

    /** Its shards that are at work, by number. */
    Map<Integer, Shard> shards() {
        Map<Integer, Shard> shards = new TreeMap<>();
        loops.forEach((number, loop) -> {
            if (loop.ready) {
                shards.put(number, loop.shard);
            }
        });
        return shards;
    }

    private final class OwnThreads implements SimulatedThreads.Host {
        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public void ordered() {
            loops.values().forEach(loop -> rules.ordered(loop.shard));
        }

        @Override
        public boolean mayAct() {
            return SimulatedController.this.mayAct();
        }

        @Override
        public boolean actAsOf(Instant then, Runnable action) {
            believed = then;
            boolean isOurs = lease.isValid(); // without it a real thread would wait, for a time that never passes here
            if (isOurs) {
                action.run();
            }
            believed = null;
            scheduleAll();
            return isOurs;
        }
    }

    /** Whether it is there, and may think that its shards are its own. */
    private boolean mayAct() {
        if (isMember) {
            lease.confirmed(nanos());
        }
        return alive && lease.isValid();
    }

    private long nanos() {
        Instant now = believed == null ? world.time.now() : believed;
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    private void wakeUp(int shard, boolean isResult) {
        Loop loop = loops.get(shard);
        if (loop != null && alive) {
            (isResult ? loop.results : loop.commands).wakeUp();
        }
    }

    private void post(int shard, ShardInput input) {
        Loop loop = loops.get(shard);
        if (loop != null) {
            loop.shard.post(input);
            loop.schedule();
        }
    }

    private void scheduleAll() {
        new ArrayList<>(loops.values()).forEach(Loop::schedule);
    }

    private static ShardInput input(Message message, Runnable done) {
        return switch (message) {
            case TaskResult result -> new ShardInput.ResultArrived(result, done);
            case WorkflowCommand command -> new ShardInput.CommandArrived(command, done);
            default -> throw new IllegalArgumentException("not for shards: " + message);
        };
    }
}
