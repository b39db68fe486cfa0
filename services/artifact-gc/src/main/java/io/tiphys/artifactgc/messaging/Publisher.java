package io.tiphys.artifactgc.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.reconcile.GcListener;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells the others what became of artifacts: {@code tiphys.artifact-events}, dead letters, counters. */
@Singleton
public class Publisher implements GcListener {
    private static final Logger LOG = Logger.getLogger(Publisher.class);

    private final KafkaProducer<String, byte[]> producer;
    private final Records records = new Records("/tiphys/artifact-gc", Topics.SHARDS);
    private final MeterRegistry metrics;
    private final Clock clock;

    public Publisher(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            MeterRegistry metrics,
            Clock clock) {
        this.producer = KafkaClients.producer(bootstrapServers, "tiphys-artifact-gc");
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void finished(List<Outcome> outcomes) {
        int deleted = 0;
        int referenced = 0;
        int failed = 0;
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Deleted _ -> deleted++;
                case Outcome.Referenced _ -> referenced++;
                case Outcome.Failed _ -> failed++;
            }
        }
        count("deleted", deleted);
        count("referenced", referenced);
        count("failed", failed);
        ArtifactNews.of(outcomes, clock.instant()).forEach(message -> send(records.toRecord(message)));
    }

    private void count(String outcome, int deletions) {
        if (deletions > 0) {
            metrics.counter("tiphys.artifact.gc.deletions", "outcome", outcome).increment(deletions);
        }
    }

    @Override
    public void triesAgain() {
        metrics.counter("tiphys.artifact.gc.retries").increment();
    }

    /** Puts a record that can't be dealt with where a person can read it. */
    public void deadLetter(ConsumerRecord<String, byte[]> record, @Nullable String reason) {
        metrics.counter("tiphys.dead.letters", "topic", record.topic()).increment();
        send(Records.deadLetter(record, reason == null ? "unknown" : reason));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        var _ = producer.send(record, (_, failure) -> {
            if (failure != null) {
                LOG.errorf(failure, "could not write to topic %s", record.topic());
            }
        });
    }

    @PreDestroy
    void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
