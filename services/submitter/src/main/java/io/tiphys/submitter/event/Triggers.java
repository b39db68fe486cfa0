package io.tiphys.submitter.event;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import io.tiphys.messages.Trigger;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.submitter.config.KafkaConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepted events, kept in {@link Topics#TRIGGERS} until they are handled; whoever sent one learns how that went if this replica is
 * the one that handles it. Resetting the consumer group's offsets plays events again.
 */
@ApplicationScoped
public class Triggers {
    private static final Logger LOG = Logger.getLogger(Triggers.class);
    private static final String GROUP = "tiphys-submitter-triggers";
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final String bootstrapServers;
    private final TriggerDispatch dispatch;
    private final MeterRegistry meters;
    private final Map<String, CompletableFuture<List<String>>> awaited = new ConcurrentHashMap<>();
    private volatile Set<TopicPartition> assigned = Set.of();
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private volatile @Nullable KafkaProducer<String, byte[]> producer;
    private volatile boolean closed;
    private @Nullable Thread loop;

    public Triggers(KafkaConfig config, TriggerDispatch dispatch, MeterRegistry meters) {
        this.bootstrapServers = config.servers();
        this.dispatch = dispatch;
        this.meters = meters;
    }

    void onStart(@Observes StartupEvent event) {
        loop = Thread.ofPlatform().name("triggers").daemon().start(this::run);
    }

    @PreDestroy
    void stop() throws InterruptedException {
        closed = true;
        KafkaConsumer<String, byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        Thread thread = loop;
        if (thread != null) {
            thread.interrupt();
            thread.join(TIMEOUT);
        }
    }

    /**
     * Keeps the event, and waits until it is handled if that happens here.
     *
     * @return what went wrong, binding by binding
     */
    public List<String> accept(Trigger trigger) throws InterruptedException {
        KafkaProducer<String, byte[]> open = producer;
        if (open == null) {
            throw unavailable("Kafka is not there yet");
        }
        Optional<TopicPartition> own = assigned.stream().findAny();
        CompletableFuture<List<String>> outcome = new CompletableFuture<>();
        if (own.isPresent()) {
            awaited.put(trigger.id(), outcome);
        }
        try {
            open.send(trigger.toRecord(own.map(TopicPartition::partition).orElse(null)))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            meters.counter("tiphys.triggers.accepted").increment();
            return own.isPresent() ? outcome.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) : List.of();
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(String.valueOf(e.getMessage()));
        } catch (TimeoutException e) {
            return List.of(); // it is safe, and handled in its time
        } finally {
            awaited.remove(trigger.id(), outcome);
        }
    }

    private void run() {
        while (!closed) {
            try {
                consume();
            } catch (WakeupException e) {
                LOG.debug("woken up to end");
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.infof("events can't be read from Kafka, trying again: %s", e.getMessage());
            } finally {
                assigned = Set.of();
                producer = null;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void consume() throws InterruptedException {
        try (Admin admin = KafkaClients.admin(bootstrapServers, "submitter-triggers")) {
            Topics.ensure(admin);
        }
        try (KafkaProducer<String, byte[]> sending = KafkaClients.producer(bootstrapServers, "submitter-triggers");
                KafkaConsumer<String, byte[]> reading = KafkaClients.consumer(
                        bootstrapServers,
                        "submitter-triggers",
                        Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50))) {
            consumer = reading;
            producer = sending;
            reading.subscribe(List.of(Topics.TRIGGERS.name()));
            while (!closed) {
                List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>();
                reading.poll(Duration.ofSeconds(1)).forEach(batch::add);
                assigned = Set.copyOf(reading.assignment());
                handle(batch, sending);
                if (!batch.isEmpty()) {
                    reading.commitSync();
                }
            }
        }
    }

    /** All of a batch side by side; returns when all are done. */
    private void handle(List<ConsumerRecord<String, byte[]>> batch, KafkaProducer<String, byte[]> sending)
            throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            threads.add(Thread.ofVirtual().start(() -> handle(record, sending)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void handle(ConsumerRecord<String, byte[]> record, KafkaProducer<String, byte[]> sending) {
        try {
            Trigger trigger = Trigger.read(record);
            List<String> failures = dispatch.dispatch(trigger);
            meters.counter("tiphys.triggers.handled", "failed", Boolean.toString(!failures.isEmpty()))
                    .increment();
            CompletableFuture<List<String>> waiting = awaited.get(trigger.id());
            if (waiting != null) {
                waiting.complete(failures);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UnreadableRecordException | RuntimeException e) {
            LOG.errorf("event at %s@%d goes to the dead letters: %s", record.topic(), record.offset(), e.getMessage());
            var _ = sending.send(Records.deadLetter(record, String.valueOf(e.getMessage())));
            CompletableFuture<List<String>> waiting = awaited.get(record.key());
            if (waiting != null) {
                waiting.complete(List.of(String.valueOf(e.getMessage())));
            }
        }
    }

    private static ApiException unavailable(String reason) {
        return new ApiException(Code.UNAVAILABLE, "the event could not be handed to Kafka: " + reason);
    }
}
