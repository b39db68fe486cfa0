package io.tiphys.controller.journal;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Journal} on the topic {@code tiphys.node-changes}. */
public final class KafkaJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaJournal.class);

    private final JournalReaders readers;
    private final Producer<String, byte[]> producer;
    private final Timer appends;

    public KafkaJournal(String bootstrapServers, Producer<String, byte[]> producer, MeterRegistry metrics) {
        this.readers = new JournalReaders(bootstrapServers);
        this.producer = producer;
        this.appends = metrics.timer("tiphys.journal.append");
    }

    @Override
    public void append(List<ProducerRecord<String, byte[]>> records) throws InterruptedException {
        long started = System.nanoTime();
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        try {
            for (ProducerRecord<String, byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new JournalException("could not append to the journal: " + e.getCause(), e);
        } catch (KafkaException e) {
            throw new JournalException("could not append to the journal: " + e, e);
        }
        appends.record(Duration.ofNanos(System.nanoTime() - started));
    }

    @Override
    public void announce(List<ProducerRecord<String, byte[]>> records) {
        for (ProducerRecord<String, byte[]> record : records) {
            var _ = producer.send(record, (metadata, failure) -> {
                if (failure != null) {
                    LOG.warn("could not send a record to {}: {}", record.topic(), failure.toString());
                }
            });
        }
    }

    @Override
    public Map<String, JournaledRun> read(int shard) throws InterruptedException {
        try {
            return readers.read(consumer -> read(shard, consumer));
        } catch (KafkaException e) {
            throw new JournalException("could not read shard " + shard + " from the journal: " + e, e);
        }
    }

    private Map<String, JournaledRun> read(int shard, KafkaConsumer<String, byte[]> consumer) {
        TopicPartition partition = new TopicPartition(Topics.NODE_CHANGES.name(), shard);
        Map<String, JournaledRun> runs = new LinkedHashMap<>();
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (end != null && consumer.position(partition) < end) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                apply(record, runs);
            }
        }
        runs.values().removeIf(JournaledRun::isEmpty);
        return runs;
    }

    @Override
    public void close() {
        readers.close();
        producer.close(Duration.ofSeconds(5));
    }

    private void apply(ConsumerRecord<String, byte[]> record, Map<String, JournaledRun> runs) {
        if (record.value() == null) {
            int slash = record.key().indexOf('/');
            JournaledRun run = slash < 0 ? null : runs.get(record.key().substring(0, slash));
            if (run != null) {
                run.remove(record.key().substring(slash + 1));
            }
            return;
        }
        try {
            NodeChange change = Records.read(record, NodeChange.class);
            if (change.state() != null) {
                runs.computeIfAbsent(change.workflow().uid(), uid -> new JournaledRun(change.workflow()))
                        .put(change.nodeId(), change.state(), change.seq());
            }
        } catch (UnreadableRecordException e) {
            LOG.error(
                    "journal record {} at {}-{}@{} can't be read and goes to the dead letters: {}",
                    record.key(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            announce(List.of(Records.deadLetter(record, String.valueOf(e.getMessage()))));
        }
    }
}
