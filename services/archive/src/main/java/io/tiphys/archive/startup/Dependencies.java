package io.tiphys.archive.startup;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.archive.config.KafkaConfig;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/**
 * Brings the schema and the topics up to date as soon as Postgres and Kafka answer, and says meanwhile what it waits for. Work
 * that needs them waits here.
 */
@ApplicationScoped
public class Dependencies {
    private static final Logger LOG = Logger.getLogger(Dependencies.class);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final Flyway flyway;
    private final KafkaConfig kafka;
    private final CompletableFuture<Boolean> schema = new CompletableFuture<>();
    private final CompletableFuture<Boolean> topics = new CompletableFuture<>();
    private List<Thread> waiting = List.of();

    public Dependencies(Flyway flyway, KafkaConfig kafka) {
        this.flyway = flyway;
        this.kafka = kafka;
    }

    void onStart(@Observes StartupEvent event) {
        waiting = List.of(
                Thread.ofVirtual().name("postgres").start(() -> until("Postgres", schema, flyway::migrate)),
                Thread.ofVirtual()
                        .name("kafka")
                        .start(() -> until("Kafka at " + kafka.servers(), topics, this::ensureTopics)));
    }

    /** Whoever waits is told that there will be nothing. */
    public void onStop(@Observes ShutdownEvent event) {
        schema.completeExceptionally(new IllegalStateException("the service ends"));
    }

    /**
     * Returns once the tables are there.
     *
     * @throws IllegalStateException if the service ends before that
     */
    public void awaitSchema() throws InterruptedException {
        try {
            schema.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ensureTopics() {
        try (Admin admin = KafkaClients.admin(kafka.servers(), "archive-admin")) {
            Topics.ensure(admin);
        }
    }

    private static void until(String what, CompletableFuture<Boolean> done, Runnable attempt) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                attempt.run();
                done.complete(true);
                LOG.infof("%s is there", what);
                return;
            } catch (RuntimeException e) {
                LOG.infof("waiting for %s: %s", what, lastLine(e));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String lastLine(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage())
                .strip()
                .lines()
                .reduce((a, b) -> b)
                .orElse(root.toString());
    }

    boolean hasSchema() {
        return schema.isDone() && !schema.isCompletedExceptionally();
    }

    boolean hasTopics() {
        return topics.isDone();
    }

    @PreDestroy
    void stop() {
        waiting.forEach(Thread::interrupt);
    }
}
