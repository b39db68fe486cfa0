package io.tiphys.uploader.messaging;

import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Message;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Publishes with an idempotent producer and waits for the brokers' word. Usable after {@link #connect}. */
public final class KafkaPublisher implements Publisher, AutoCloseable {
    private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(30);

    private record Connection(KafkaProducer<String, byte[]> producer, Records records) {}

    private final String bootstrapServers;
    private volatile @Nullable Connection connection;

    public KafkaPublisher(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Creates missing topics and opens the producer.
     *
     * @throws KafkaException if Kafka can't be reached or the topics don't fit
     */
    public void connect() {
        try (var admin = KafkaClients.admin(bootstrapServers, "tiphys-uploader-setup")) {
            var partitions = Topics.ensure(admin);
            int shards = Objects.requireNonNull(partitions.get(Topics.NODE_CHANGES.name()));
            connection = new Connection(
                    KafkaClients.producer(bootstrapServers, "tiphys-uploader"),
                    new Records("/tiphys/uploader", shards));
        }
    }

    @Override
    public void publish(Message message) throws UnpublishedException {
        var open = connection;
        if (open == null) {
            throw new UnpublishedException("Kafka is not connected yet", new IllegalStateException("not connected"));
        }
        try {
            open.producer()
                    .send(open.records().toRecord(message))
                    .get(CONFIRMED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnpublishedException("interrupted while waiting for Kafka", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new UnpublishedException("Kafka did not confirm " + message.eventType() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        var open = connection;
        if (open != null) {
            open.producer().close(Duration.ofSeconds(5));
        }
    }
}
