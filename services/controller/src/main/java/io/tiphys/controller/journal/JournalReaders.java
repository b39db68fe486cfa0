package io.tiphys.controller.journal;

import io.tiphys.messages.KafkaClients;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * A few consumers that read shards in turn: making one costs more than most shards have to read, and taking over 64 shards
 * at once must not make 64.
 */
final class JournalReaders implements AutoCloseable {
    private static final int MOST = 4;
    private static final Map<String, Object> SETTINGS = Map.of("max.poll.records", 5000);

    private final String bootstrapServers;
    private final Semaphore turns = new Semaphore(MOST);
    private final Deque<KafkaConsumer<String, byte[]>> idle = new ArrayDeque<>();

    JournalReaders(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Reads with one of the consumers, when one is free. */
    <T> T read(Function<KafkaConsumer<String, byte[]>, T> reading) throws InterruptedException {
        turns.acquire();
        try {
            KafkaConsumer<String, byte[]> consumer = take();
            boolean isGood = false;
            try {
                T result = reading.apply(consumer);
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
