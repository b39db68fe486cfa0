package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Journal} on the topic {@code tiphys.node-changes}.
 *
 * <p>The log is the fence: whoever opens a shard writes a claim, and nothing of an earlier writer counts after it ({@link
 * PartitionContents}). Both sides find out by the offsets of their own records ({@link Tenure}). No transactions, which would
 * cost every batch two more trips.
 */
public final class KafkaJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaJournal.class);
    private static final String TOPIC = Topics.NODE_CHANGES.name();
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration NO_PROGRESS = Duration.ofSeconds(30);
    private static final int MAX_CLAIMS = 5;
    /** Records that wait for their acknowledgement; what the producer keeps of each takes memory. */
    private static final int MAX_IN_FLIGHT = 10_000;

    private final JournalReaders readers;
    private final Producer<String, byte[]> producer;
    private final MeterRegistry metrics;
    private final Timer appends;
    private final Timer openings;
    private final Map<Integer, Tenure> tenures = new ConcurrentHashMap<>();

    public KafkaJournal(String bootstrapServers, Producer<String, byte[]> producer, MeterRegistry metrics) {
        this.readers = new JournalReaders(bootstrapServers);
        this.producer = producer;
        this.metrics = metrics;
        this.appends = metrics.timer("tiphys.journal.append");
        this.openings = metrics.timer("tiphys.journal.open");
    }

    @Override
    public Map<String, JournaledRun> open(int shard) throws InterruptedException {
        long started = System.nanoTime();
        tenures.remove(shard);
        try {
            Map<String, JournaledRun> runs = readers.read(consumer -> open(shard, consumer));
            openings.record(Duration.ofNanos(System.nanoTime() - started));
            return runs;
        } catch (KafkaException e) {
            throw new JournalException("could not open shard " + shard + " of the journal: " + e, e);
        }
    }

    private Map<String, JournaledRun> open(int shard, KafkaConsumer<String, byte[]> consumer)
            throws InterruptedException {
        TopicPartition partition = new TopicPartition(TOPIC, shard);
        consumer.assign(List.of(partition));
        PartitionContents contents = new PartitionContents();
        Reading reading = new Reading(consumer, partition, contents);
        for (int attempt = 1; attempt <= MAX_CLAIMS; attempt++) {
            reading.toEnd();
            String writer = UUID.randomUUID().toString().substring(0, 13);
            long offset = claim(shard, writer);
            Tenure tenure = new Tenure(writer, offset);
            if (offset == reading.end()) {
                Set<String> earlier = Set.copyOf(contents.claims());
                Map<String, JournaledRun> runs = contents.runs();
                List<Repair> repairs = new ArrayList<>(contents.repairs());
                if (!contents.incomplete().isEmpty()) {
                    runs.putAll(
                            contents(consumer, partition, contents.incomplete()).runs());
                }
                if (!contents.uncertain().isEmpty()) {
                    repairs.addAll(
                            contents(consumer, partition, contents.uncertain()).repairs());
                }
                tenures.put(shard, tenure);
                reading.deadLetters();
                repair(shard, reading, repairs, earlier);
                return runs;
            }
            LOG.info("somebody else wrote to shard {} while it was read; reading on", shard);
        }
        throw new JournalException(
                "somebody else wrote to shard " + shard + " each of " + MAX_CLAIMS + " times that it was read", null);
    }

    /** Says that from here on only our records count, and returns where it says so. */
    private long claim(int shard, String writer) throws InterruptedException {
        // in the form of a node change, and about no node, so that other consumers pass over it
        NodeChange claim = new NodeChange(
                new WorkflowRef("", "shard-" + shard, "#shard"),
                "#" + writer,
                0,
                Instant.now(),
                Records.mapper().createObjectNode(),
                null);
        ProducerRecord<String, byte[]> record = new Records("/tiphys/controller", 1).toRecord(claim);
        return offset(send(new ProducerRecord<>(
                TOPIC, shard, PartitionContents.CLAIM + writer, record.value(), record.headers())));
    }

    /** Writes anew what others overwrote or didn't finish, wipes out what can't be read, and the claims before ours. */
    private void repair(int shard, Reading reading, List<Repair> repairs, Set<String> earlier)
            throws InterruptedException {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (Repair repair : repairs) {
            ConsumerRecord<String, byte[]> valid = repair.offset() < 0 ? null : reading.at(repair.offset());
            LOG.warn(
                    "record {} of shard {} {}; it is {}",
                    repair.key(),
                    shard,
                    repair.insteadOf() == null
                            ? "was overwritten by a controller that had been replaced"
                            : "is of a write that was cut off",
                    valid == null ? "removed" : "written anew");
            metrics.counter("tiphys.journal.repaired").increment();
            records.add(repair.record(TOPIC, shard, valid));
        }
        reading.unreadable().forEach(key -> records.add(new ProducerRecord<>(TOPIC, shard, key, null)));
        earlier.forEach(
                writer -> records.add(new ProducerRecord<>(TOPIC, shard, PartitionContents.CLAIM + writer, null)));
        if (!records.isEmpty()) {
            append(records);
        }
    }

    @Override
    public void append(List<ProducerRecord<String, byte[]>> records) throws InterruptedException {
        int shard = Objects.requireNonNull(records.getFirst().partition());
        Tenure tenure = tenures.get(shard);
        if (tenure == null) {
            throw new JournalException("shard " + shard + " of the journal isn't open", null);
        }
        long started = System.nanoTime();
        byte[] writer = tenure.writer().getBytes(UTF_8);
        boolean alone = true;
        Deque<Future<RecordMetadata>> inFlight = new ArrayDeque<>();
        for (ProducerRecord<String, byte[]> record : records) {
            record.headers().remove(PartitionContents.WRITER).add(PartitionContents.WRITER, writer);
            inFlight.add(send(record));
            if (inFlight.size() == MAX_IN_FLIGHT) {
                alone &= tenure.follows(offset(inFlight.remove()));
            }
        }
        for (Future<RecordMetadata> sent : inFlight) {
            alone &= tenure.follows(offset(sent));
        }
        if (!alone) {
            tenures.remove(shard);
            metrics.counter("tiphys.journal.disturbed").increment();
            throw new JournalException("somebody else wrote to shard " + shard + " of the journal", null);
        }
        appends.record(Duration.ofNanos(System.nanoTime() - started));
    }

    private Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        try {
            return producer.send(record);
        } catch (KafkaException e) {
            throw new JournalException("could not append to the journal: " + e, e);
        }
    }

    /** Where it is in the partition, once all replicas have it. */
    private static long offset(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw new JournalException("could not append to the journal: " + e.getCause(), e);
        }
    }

    @Override
    public void announce(List<ProducerRecord<String, byte[]>> records) {
        records.forEach(record -> send(record, () -> {}));
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record, Runnable sent) {
        try {
            var _ = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.run();
                } else {
                    metrics.counter("tiphys.records.unsent", "topic", record.topic())
                            .increment();
                    LOG.warn("could not send a record to {}: {}", record.topic(), failure.toString());
                }
            });
        } catch (KafkaException e) {
            metrics.counter("tiphys.records.unsent", "topic", record.topic()).increment();
            LOG.warn("could not send a record to {}: {}", record.topic(), e.toString());
        }
    }

    @Override
    public Map<String, JournaledRun> read(int shard, Set<String> uids) throws InterruptedException {
        try {
            return readers.read(consumer -> {
                TopicPartition partition = new TopicPartition(TOPIC, shard);
                consumer.assign(List.of(partition));
                PartitionContents contents = new PartitionContents(uids::contains);
                Reading reading = new Reading(consumer, partition, contents);
                reading.toEnd();
                reading.deadLetters();
                return contents.runs();
            });
        } catch (KafkaException e) {
            throw new JournalException("could not read shard " + shard + " of the journal: " + e, e);
        }
    }

    private PartitionContents contents(
            KafkaConsumer<String, byte[]> consumer, TopicPartition partition, Set<String> uids) {
        PartitionContents contents = new PartitionContents(uids::contains);
        new Reading(consumer, partition, contents).toEnd();
        return contents;
    }

    @Override
    public void reject(int shard, long offset, String reason) throws InterruptedException {
        try {
            readers.read(consumer -> {
                TopicPartition partition = new TopicPartition(TOPIC, shard);
                consumer.assign(List.of(partition));
                ConsumerRecord<String, byte[]> record =
                        new Reading(consumer, partition, new PartitionContents()).at(offset);
                if (record != null) {
                    deadLetter(record, reason);
                }
                return offset;
            });
        } catch (KafkaException e) {
            throw new JournalException("could not read shard " + shard + " of the journal: " + e, e);
        }
    }

    private void deadLetter(ConsumerRecord<String, byte[]> record, String reason) {
        LOG.error(
                "journal record {} at {}-{}@{} goes to the dead letters: {}",
                record.key(),
                record.topic(),
                record.partition(),
                record.offset(),
                reason);
        metrics.counter("tiphys.dead.letters", "topic", record.topic()).increment();
        send(Records.deadLetter(record, reason), () -> {});
    }

    @Override
    public void close() {
        readers.close();
        producer.close(Duration.ofSeconds(5));
    }

    /** The newest record of its key, which can't be read. */
    private record Unreadable(long offset, String reason) {}

    /** One partition, read by one consumer from its beginning. */
    private final class Reading {
        private final KafkaConsumer<String, byte[]> consumer;
        private final TopicPartition partition;
        private final PartitionContents contents;
        private final Map<String, Unreadable> unreadable = new LinkedHashMap<>();
        private long position;
        private long end;

        Reading(KafkaConsumer<String, byte[]> consumer, TopicPartition partition, PartitionContents contents) {
            this.consumer = consumer;
            this.partition = partition;
            this.contents = contents;
            consumer.seekToBeginning(List.of(partition));
            this.position = -1;
        }

        /** Goes on to what is the end now. What was read is taken in while the next batches come, two of which may wait. */
        void toEnd() {
            if (position >= 0) {
                consumer.seek(partition, position);
            }
            end = Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
            long lastProgress = System.nanoTime();
            position = consumer.position(partition);
            CompletableFuture<?> taken = CompletableFuture.completedFuture("nothing yet");
            CompletableFuture<?> takenBefore = taken;
            while (position < end) {
                ConsumerRecords<String, byte[]> batch = consumer.poll(POLL);
                takenBefore.join();
                takenBefore = taken;
                taken = taken.thenRunAsync(() -> take(batch));
                long now = consumer.position(partition);
                if (now > position) {
                    position = now;
                    lastProgress = System.nanoTime();
                } else if (System.nanoTime() - lastProgress > NO_PROGRESS.toNanos()) {
                    throw new JournalException(
                            "nothing came of " + partition + " after offset " + position + " for " + NO_PROGRESS, null);
                }
            }
            taken.join();
            position = end;
            // what can't be read takes the rest of its workflow with it: half a run must not go on
            unreadable.keySet().forEach(key -> {
                int slash = key.indexOf('/');
                contents.dismiss(slash < 0 ? key : key.substring(0, slash));
            });
        }

        private void take(ConsumerRecords<String, byte[]> batch) {
            for (ConsumerRecord<String, byte[]> record : batch) {
                if (record.offset() < end) {
                    take(record);
                }
            }
        }

        private void take(ConsumerRecord<String, byte[]> record) {
            String key = record.key() == null ? "" : record.key();
            try {
                contents.apply(record);
                unreadable.remove(key);
            } catch (UnreadableRecordException e) {
                unreadable.put(key, new Unreadable(record.offset(), String.valueOf(e.getMessage())));
            }
        }

        /** Keeps what can't be read apart; not what was wiped out since, by whoever kept it apart then. */
        void deadLetters() {
            unreadable.values().forEach(each -> {
                ConsumerRecord<String, byte[]> record = at(each.offset());
                if (record != null) {
                    deadLetter(record, each.reason());
                }
            });
        }

        long end() {
            return end;
        }

        /** Keys whose newest record can't be read. */
        Set<String> unreadable() {
            return unreadable.keySet();
        }

        /** The record at this offset; null if it is gone. */
        @Nullable
        ConsumerRecord<String, byte[]> at(long offset) {
            consumer.seek(partition, offset);
            long giveUp = System.nanoTime() + NO_PROGRESS.toNanos();
            while (System.nanoTime() < giveUp) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    return record.offset() == offset ? record : null;
                }
            }
            throw new JournalException("nothing came of " + partition + " at offset " + offset, null);
        }
    }
}
