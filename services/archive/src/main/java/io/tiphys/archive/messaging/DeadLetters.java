package io.tiphys.archive.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.archive.config.KafkaConfig;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where records go that no try will make acceptable, so that those behind them get their turn. */
@ApplicationScoped
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConfig config;
    private final MeterRegistry metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable KafkaProducer<String, byte[]> producer;

    public DeadLetters(KafkaConfig config, MeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    /** Returns once Kafka has the record. */
    public void send(ConsumerRecord<String, byte[]> failed, String reason) {
        LOG.warnf(
                "record %s-%d@%d goes to the dead letters: %s",
                failed.topic(), failed.partition(), failed.offset(), reason);
        metrics.counter("tiphys.dead.letters", "topic", failed.topic()).increment();
        try {
            open().send(Records.deadLetter(failed, reason)).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("dead letter could not be written: " + e, e);
        }
    }

    private KafkaProducer<String, byte[]> open() {
        lock.lock();
        try {
            if (producer == null) {
                producer = KafkaClients.producer(config.servers(), "archive-dead-letters");
            }
            return producer;
        } finally {
            lock.unlock();
        }
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            if (producer != null) {
                producer.close(Duration.ofSeconds(2));
            }
        } finally {
            lock.unlock();
        }
    }
}
