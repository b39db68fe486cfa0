package io.tiphys.controller.locks;

import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.Message;
import io.tiphys.messages.Records;
import io.tiphys.messages.Shards;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic of locks on a thread of its own, and tells the shards of this replica what concerns them. While {@link
 * #own} says so, it decides as well: it takes the table (a record that makes the answers of whoever decided before count
 * for nothing from there on), reads up to that record, and from then on answers what it reads.
 *
 * <p>When a record can't be written, what the topic holds is unknown: all is read again from the beginning.
 */
public final class LockBoard implements ReplicaLocks {
    private static final Logger LOG = LoggerFactory.getLogger(LockBoard.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.LOCKS.name(), 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CHECK = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final Producer<String, byte[]> producer;
    private final Records records;
    private final int shards;
    private final SemaphoreLimits semaphores;
    private final WorkflowLimits workflows;
    private final LockMetrics metrics;
    private final Clock clock;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable KafkaConsumer<String, byte[]>> following = new AtomicReference<>();
    private volatile @Nullable KafkaConsumer<String, byte[]> opened;
    private volatile boolean shouldDecide;
    private volatile boolean startOver;
    private volatile boolean closed;
    private @Nullable Thread thread;

    // the board's thread only
    private LockLog log = new LockLog();
    private final Set<Integer> shardsToCheck = new HashSet<>();
    private @Nullable Listener listener;
    private @Nullable String self;
    private boolean tookOver;
    private long takeNotBefore = System.nanoTime();
    private long nextCheck = System.nanoTime();
    private long nextShow = System.nanoTime();

    LockBoard(
            String bootstrapServers,
            Producer<String, byte[]> producer,
            Records records,
            int shards,
            SemaphoreLimits semaphores,
            WorkflowLimits workflows,
            LockMetrics metrics,
            Clock clock) {
        this.bootstrapServers = bootstrapServers;
        this.producer = producer;
        this.records = records;
        this.shards = shards;
        this.semaphores = semaphores;
        this.workflows = workflows;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void start(Listener told) {
        listener = told;
        semaphores.onChange(() -> run(this::readLimits));
        workflows.start(() -> run(() -> {
            readLimits();
            nextCheck = System.nanoTime(); // what runs already counts from now on
        }));
        thread = Thread.ofPlatform().name("locks").daemon().start(this::follow);
    }

    @Override
    public void own(boolean isOwner) {
        shouldDecide = isOwner;
        wakeUp();
    }

    @Override
    public void want(LockMessage.Wanted wish) {
        send(records.toRecord(wish), false);
    }

    @Override
    public void release(String uid, int node, int ticket) {
        records.lockTombstones(LockMessage.wish(uid, node, ticket)).forEach(record -> send(record, false));
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
        return workflows.isLimited(namespace);
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<String, byte[]> consumer = opened; // it may be waiting for a broker that doesn't come back
        if (consumer != null) {
            consumer.wakeup();
        }
        Thread running = thread;
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        semaphores.close();
        workflows.close();
    }

    private void run(Runnable task) {
        tasks.add(task);
        wakeUp();
    }

    private void wakeUp() {
        KafkaConsumer<String, byte[]> consumer = following.get();
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void follow() {
        while (!closed) {
            startOver = false;
            log = new LockLog();
            self = null;
            tookOver = false;
            try (KafkaConsumer<String, byte[]> consumer =
                    KafkaClients.consumer(bootstrapServers, "tiphys-controller-locks", Map.of())) {
                opened = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                LOG.trace("closed before the topic was read");
            } catch (KafkaException e) {
                LOG.warn("the topic of locks can't be followed, to be tried again: {}", e.toString());
                takeNotBefore = System.nanoTime() + PAUSE.toNanos();
                pause();
            } finally {
                following.set(null);
                opened = null;
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
        long position = consumer.position(PARTITION);
        following.set(consumer);
        while (!closed && !startOver) {
            try {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    position = record.offset() + 1;
                    read(record, position >= end);
                }
            } catch (WakeupException e) {
                LOG.trace("woken up");
            }
            if (position < end && consumerIsAt(consumer) >= end) {
                position = end; // the last records before it were transaction marks or compacted away
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            if (position >= end) {
                decideOrNot();
                tellShards();
            }
        }
    }

    private static long consumerIsAt(KafkaConsumer<String, byte[]> consumer) {
        try {
            return consumer.position(PARTITION);
        } catch (WakeupException e) {
            return -1;
        }
    }

    private void read(ConsumerRecord<String, byte[]> record, boolean isNews) {
        LockMessage message = null;
        if (record.value() != null) {
            try {
                message = message(record);
            } catch (UnreadableRecordException e) {
                LOG.error("record {} of the topic of locks can't be read: {}", record.key(), e.getMessage());
                send(Records.deadLetter(record, String.valueOf(e.getMessage())), false);
                return;
            }
        }
        LockMessage.Answered answer = log.apply(record.key(), message);
        if (answer != null && isNews && listener != null) {
            listener.answered(answer);
        }
    }

    private static LockMessage message(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        if (record.key().startsWith(LockMessage.WISH)) {
            return Records.read(record, LockMessage.Wanted.class);
        }
        return record.key().startsWith(LockMessage.ANSWER)
                ? Records.read(record, LockMessage.Answered.class)
                : Records.read(record, LockMessage.TableTaken.class);
    }

    private void decideOrNot() {
        if (!shouldDecide) {
            startOver = self != null; // what was decided and not read back yet may never have counted
            return;
        }
        String me = self;
        if (me == null) {
            if (System.nanoTime() - takeNotBefore >= 0) {
                me = UUID.randomUUID().toString();
                self = me;
                send(new LockMessage.TableTaken(LockMessage.TableTaken.NOBODY, clock.instant(), me));
            }
        } else if (me.equals(log.decider())) {
            if (!tookOver) {
                tookOver = true;
                LOG.info("this replica decides about locks");
            }
            decide(me);
        } else if (tookOver) {
            takeNotBefore = System.nanoTime() + PAUSE.toNanos();
            startOver = true; // somebody else took the table, and may have reason to
        }
    }

    private void decide(String me) {
        LockTable table = log.table();
        for (LockRequest unknown : table.unknownLimits()) {
            readLimit(unknown.name(), unknown.kind());
        }
        List<LockMessage.Answered> answers = log.decide(me, clock.instant());
        for (LockMessage.Answered answer : answers) {
            LockMessage.Wanted wish = log.wish(answer.wish());
            if (answer.verdict() == LockMessage.Verdict.GRANTED && wish != null) {
                metrics.taken(wish);
            }
            send(answer);
        }
        log.corrections(me, clock.instant()).forEach((wish, answer) -> {
            if (answer == null) {
                send(records.lockTombstones(wish).getLast(), true);
            } else {
                send(answer);
            }
        });
        if (System.nanoTime() - nextShow >= 0) {
            nextShow = System.nanoTime() + PAUSE.toNanos();
            metrics.show(table.usage());
        }
    }

    private void readLimits() {
        for (LockTable.Usage lock : log.table().usage()) {
            readLimit(lock.lock(), lock.kind());
        }
    }

    private void readLimit(String lock, LockRequest.Kind kind) {
        OptionalInt limit = switch (kind) {
            case MUTEX -> null;
            case SEMAPHORE -> shouldDecide ? semaphores.limit(lock) : null;
            case PARALLELISM -> OptionalInt.of(workflows.limit(lock));
        };
        if (limit != null) {
            log.table().limit(lock, limit);
        }
    }

    /** Once in a while everybody compares what it wants with what is known: whatever got lost is found then. */
    private void tellShards() {
        Listener told = listener;
        if (told == null) {
            return;
        }
        if (System.nanoTime() - nextCheck >= 0) {
            nextCheck = System.nanoTime() + CHECK.toNanos();
            shardsToCheck.addAll(told.shards());
            semaphores.retain(log.table().usage().stream()
                    .filter(lock -> lock.kind() == LockRequest.Kind.SEMAPHORE)
                    .map(LockTable.Usage::lock)
                    .toList());
        }
        if (shardsToCheck.isEmpty()) {
            return;
        }
        Map<Integer, Map<String, List<Standing>>> standing = new HashMap<>();
        for (String uid : log.workflows()) {
            standing.computeIfAbsent(Shards.of(uid, shards), _ -> new HashMap<>())
                    .put(uid, log.standing(uid));
        }
        shardsToCheck.forEach(shard -> told.known(shard, standing.getOrDefault(shard, Map.of())));
        shardsToCheck.clear();
    }

    private void send(Message message) {
        send(records.toRecord(message), true);
    }

    private void send(ProducerRecord<String, byte[]> record, boolean isDecision) {
        var _ = producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                LOG.warn("could not send {} to {}: {}", record.key(), record.topic(), failure.toString());
                startOver = startOver || isDecision;
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
