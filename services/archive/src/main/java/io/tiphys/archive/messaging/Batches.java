package io.tiphys.archive.messaging;

import io.quarkus.runtime.ShutdownEvent;
import io.tiphys.archive.startup.Dependencies;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Applies a batch until it is stored. While Postgres is away it tries again, ever more slowly; what Postgres refuses for good is
 * found by trying the records one by one and goes to the dead letters. A batch that isn't stored when the service ends comes again.
 */
@ApplicationScoped
public class Batches {
    private static final Logger LOG = Logger.getLogger(Batches.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(15);

    private final Dependencies dependencies;
    private final DeadLetters deadLetters;
    private final CountDownLatch ending = new CountDownLatch(1);

    public Batches(Dependencies dependencies, DeadLetters deadLetters) {
        this.dependencies = dependencies;
        this.deadLetters = deadLetters;
    }

    void onStop(@Observes ShutdownEvent event) {
        ending.countDown();
    }

    /** A record and what it says. */
    public record Read<T>(ConsumerRecord<String, byte[]> record, T message) {}

    /**
     * Returns once all that is good of the batch is stored.
     *
     * @throws IllegalStateException if the service ends before that
     */
    public <T> void apply(List<Read<T>> batch, Consumer<List<T>> write) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            dependencies.awaitSchema();
            try {
                untilStored(batch, write);
            } catch (PgException e) {
                LOG.warnf("a batch of %d is refused, trying its records one by one: %s", batch.size(), e.getMessage());
                for (Read<T> read : batch) {
                    one(read, write);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the batch was stored", e);
        }
    }

    private <T> void one(Read<T> read, Consumer<List<T>> write) throws InterruptedException {
        try {
            untilStored(List.of(read), write);
        } catch (PgException e) {
            deadLetters.send(read.record(), "Postgres refuses it: " + e.getMessage());
        }
    }

    private <T> void untilStored(List<Read<T>> batch, Consumer<List<T>> write) throws InterruptedException {
        List<T> messages = batch.stream().map(Read::message).toList();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                write.accept(messages);
                return;
            } catch (RuntimeException e) {
                PgException refusal = refusal(e);
                if (refusal != null) {
                    throw refusal;
                }
                LOG.warnf("waiting for Postgres, trying again in %s: %s", pause, e.getMessage());
                if (ending.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException(
                            "the service ends before a batch is stored, which will come again", e);
                }
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : twice;
    }

    /** Classes 22 (data exception) and 23 (integrity) say that the data are at fault; all else passes. */
    private static @org.jspecify.annotations.Nullable PgException refusal(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof PgException pg
                    && pg.getSqlState() != null
                    && (pg.getSqlState().startsWith("22") || pg.getSqlState().startsWith("23"))) {
                return pg;
            }
        }
        return null;
    }
}
