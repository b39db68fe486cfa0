package io.tiphys.controller.journal;

import io.tiphys.messages.KafkaClients;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * A few consumers that read shards in turn: making one costs more than most shards have to read, and taking over 64 shards
 * at once must not make 64.
 */
final class JournalReaders implements AutoCloseable {
    private static final int MOST = 4;
    private static final int MEBIBYTE = 1024 * 1024;

    /** Few, so that what waits to be taken in dies young: with 10,000 collectors copied nearly all that was read, and that took most of the time. */
    private static final int BATCH_RECORDS = 500;

    private static final Map<String, Object> SETTINGS = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            BATCH_RECORDS,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            8 * MEBIBYTE,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            16 * MEBIBYTE,
            ConsumerConfig.RECEIVE_BUFFER_CONFIG,
            MEBIBYTE,
            ConsumerConfig.CHECK_CRCS_CONFIG,
            true);

    private final String bootstrapServers;
    private final Semaphore turns = new Semaphore(MOST);
    private final Deque<KafkaConsumer<String, byte[]>> idle = new ArrayDeque<>();

    JournalReaders(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** What is done with a consumer. */
    interface Reading<T> {
        T with(KafkaConsumer<String, byte[]> consumer) throws InterruptedException;
    }

    /** Reads with one of the consumers, when one is free. */
    <T> T read(Reading<T> reading) throws InterruptedException {
        turns.acquire();
        try {
            KafkaConsumer<String, byte[]> consumer = take();
            boolean isGood = false;
            try {
                T result = reading.with(consumer);
                isGood = true;
                return result;
            } finally {
                if (isGood) {
                    putBack(consumer);
                } else {
                    consumer.close();
                }
            }
        } finally {
            turns.release();
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            idle.forEach(KafkaConsumer::close);
            idle.clear();
        }
    }

    private KafkaConsumer<String, byte[]> take() {
        synchronized (idle) {
            KafkaConsumer<String, byte[]> consumer = idle.poll();
            if (consumer != null) {
                return consumer;
            }
        }
        return KafkaClients.consumer(bootstrapServers, "tiphys-journal", SETTINGS);
    }

    private void putBack(KafkaConsumer<String, byte[]> consumer) {
        consumer.unsubscribe();
        synchronized (idle) {
            idle.push(consumer);
        }
    }
}
