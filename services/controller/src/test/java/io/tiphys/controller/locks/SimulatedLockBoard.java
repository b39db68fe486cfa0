package io.tiphys.controller.locks;

import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.Shards;
import io.tiphys.testkit.simulator.Dice;
import io.tiphys.testkit.simulator.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link LockBoard} without its thread and its Kafka: the same {@link LockLog}, the same rules about who decides, on a topic that
 * takes its time and loses what a dead process had not sent.
 */
public final class SimulatedLockBoard implements ReplicaLocks {
    private static final Duration LONGEST_TRIP = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CHECK = Duration.ofSeconds(30);

    /** What the board has of its surroundings. */
    public interface Surroundings {
        VirtualTime time();

        Dice dice();

        /** Whether something goes wrong now that goes wrong once in so many times. */
        boolean fails(int oneIn);

        /** Whether the process is still there. */
        boolean isAlive();

        int shards();

        /** Of a semaphore; of workflows at once for the lock of all workflows, empty for no limit. */
        OptionalInt limit(String lock, LockRequest.Kind kind);

        boolean limitsWorkflows();
    }

    private final SimulatedLockTopic topic;
    private final Surroundings world;
    private final String replica;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Queue<SimulatedLockTopic.Entry> unsent = new ArrayDeque<>();
    private final Set<Integer> shardsToCheck = new HashSet<>();
    private LockLog log = new LockLog();
    private @Nullable Listener listener;
    private @Nullable String self;
    private boolean tookOver;
    private boolean shouldDecide;
    private boolean startOver = true;
    private boolean awake;
    private int begun;
    private int position;
    private int end;

    public SimulatedLockBoard(SimulatedLockTopic topic, Surroundings world, String replica) {
        this.topic = topic;
        this.world = world;
        this.replica = replica;
    }

    @Override
    public void start(Listener told) {
        listener = told;
        topic.onAppend(this::wakeUp);
        checkLater();
        wakeUp();
    }

    private void checkLater() {
        world.time().after(CHECK, () -> {
            if (world.isAlive() && listener != null) {
                shardsToCheck.addAll(listener.shards());
                wakeUp();
                checkLater();
            }
        });
    }

    @Override
    public void own(boolean isOwner) {
        shouldDecide = isOwner;
        wakeUp();
    }

    @Override
    public void want(LockMessage.Wanted wish) {
        send(new SimulatedLockTopic.Entry(wish.key(), wish));
    }

    @Override
    public void release(String uid, int node, int ticket) {
        String wish = LockMessage.wish(uid, node, ticket);
        send(new SimulatedLockTopic.Entry(LockMessage.WISH + wish, null));
        send(new SimulatedLockTopic.Entry(LockMessage.ANSWER + wish, null));
    }

    @Override
    public void releaseAdmission(String uid) {
        run(() -> log.standing(uid).stream()
                .map(Standing::wish)
                .filter(wish -> wish.node() == LockMessage.ADMISSION)
                .forEach(wish -> release(uid, wish.node(), wish.ticket())));
    }

    @Override
    public void releaseAll(String uid) {
        run(() -> log.standing(uid).stream()
                .map(Standing::wish)
                .forEach(wish -> release(uid, wish.node(), wish.ticket())));
    }

    @Override
    public void check(int shard) {
        run(() -> shardsToCheck.add(shard));
    }

    @Override
    public boolean limitsWorkflowsOf(String namespace) {
        return world.limitsWorkflows();
    }

    @Override
    public void close() {
        listener = null;
    }

    private void run(Runnable task) {
        tasks.add(task);
        wakeUp();
    }

    private void wakeUp() {
        if (!awake && world.isAlive()) {
            awake = true;
            world.time().after(world.dice().upTo(LONGEST_TRIP), () -> {
                awake = false;
                if (world.isAlive() && listener != null) {
                    poll();
                }
            });
        }
    }

    private void poll() {
        if (startOver) {
            begin();
        }
        int most = world.dice().between(1, 10);
        for (int i = 0; i < most && position < topic.end(); i++) {
            read(topic.at(position++), position >= end);
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        if (position < topic.end()) {
            wakeUp();
        }
        if (position >= end) {
            decideOrNot();
            tellShards();
        }
        if (startOver) {
            wakeUp();
        }
    }

    private void begin() {
        startOver = false;
        log = new LockLog();
        self = null;
        tookOver = false;
        end = topic.end();
        position = end;
        topic.compacted(end).forEach(entry -> read(entry, false));
    }

    private void read(SimulatedLockTopic.Entry entry, boolean isNews) {
        LockMessage.Answered answer = log.apply(entry.key(), entry.message());
        if (answer != null && isNews && listener != null) {
            listener.answered(answer);
        }
    }

    private void decideOrNot() {
        String me = self;
        if (!shouldDecide) {
            startOver = me != null;
        } else if (me == null) {
            self = replica + "/" + ++begun;
            send(new SimulatedLockTopic.Entry(
                    LockMessage.TableTaken.KEY,
                    new LockMessage.TableTaken(
                            LockMessage.TableTaken.NOBODY, world.time().now(), self)));
        } else if (me.equals(log.decider())) {
            tookOver = true;
            decide(me);
        } else if (tookOver) {
            tookOver = false;
            world.time().after(PAUSE, () -> {
                startOver = true; // somebody else took the table, and may have reason to
                wakeUp();
            });
        }
    }

    private void decide(String me) {
        for (LockRequest unknown : log.table().unknownLimits()) {
            log.table().limit(unknown.name(), world.limit(unknown.name(), unknown.kind()));
        }
        for (LockTable.Usage lock : log.table().usage()) {
            if (lock.kind() != LockRequest.Kind.MUTEX) {
                log.table().limit(lock.lock(), world.limit(lock.lock(), lock.kind()));
            }
        }
        log.decide(me, world.time().now()).forEach(answer -> send(new SimulatedLockTopic.Entry(answer.key(), answer)));
        log.corrections(me, world.time().now())
                .forEach((wish, answer) -> send(new SimulatedLockTopic.Entry(LockMessage.ANSWER + wish, answer)));
    }

    private void tellShards() {
        Listener told = listener;
        if (told == null || shardsToCheck.isEmpty()) {
            return;
        }
        Map<Integer, Map<String, List<Standing>>> standing = new HashMap<>();
        for (String uid : log.workflows()) {
            standing.computeIfAbsent(Shards.of(uid, world.shards()), _ -> new HashMap<>())
                    .put(uid, log.standing(uid));
        }
        new ArrayList<>(shardsToCheck).forEach(shard -> told.known(shard, standing.getOrDefault(shard, Map.of())));
        shardsToCheck.clear();
    }

    /** What one process sends keeps its order; what fails is lost, and what a process that dies had not sent as well. */
    private void send(SimulatedLockTopic.Entry entry) {
        unsent.add(entry);
        world.time().after(world.dice().upTo(Duration.ofMillis(20)), () -> {
            SimulatedLockTopic.Entry next = unsent.poll();
            if (next == null || !world.isAlive()) {
                return;
            }
            if (world.fails(200)) {
                startOver |= next.message() instanceof LockMessage.Answered
                        || next.message() instanceof LockMessage.TableTaken;
                wakeUp();
            } else {
                topic.append(next);
            }
        });
    }
}
