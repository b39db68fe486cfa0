package io.tiphys.artifactgc;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifactgc.queue.DeletionQueue;
import io.tiphys.artifactgc.queue.QueuedDeletions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/** Does what is due in the queue, every now and then; the first time it brings the queue's schema up to date. */
@ApplicationScoped
public class QueueRuns {
    private static final Logger LOG = Logger.getLogger(QueueRuns.class);

    private final Flyway flyway;
    private final QueuedDeletions deletions;
    private final DeletionQueue queue;
    private final MeterRegistry metrics;
    private final AtomicLong waiting;
    private final AtomicLong dead;
    private volatile boolean migrated;

    public QueueRuns(Flyway flyway, QueuedDeletions deletions, DeletionQueue queue, MeterRegistry metrics) {
        this.flyway = flyway;
        this.deletions = deletions;
        this.queue = queue;
        this.metrics = metrics;
        this.waiting = Objects.requireNonNull(metrics.gauge("tiphys.artifact.gc.queue.waiting", new AtomicLong()));
        this.dead = Objects.requireNonNull(metrics.gauge("tiphys.artifact.gc.queue.dead", new AtomicLong()));
    }

    @Scheduled(every = "${tiphys.artifact-gc.queue-every}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void run() {
        try {
            if (!migrated) {
                flyway.migrate();
                migrated = true;
            }
            deletions.run();
            DeletionQueue.Counts counts = queue.counts();
            waiting.set(counts.waiting());
            dead.set(counts.dead());
        } catch (RuntimeException e) {
            metrics.counter("tiphys.artifact.gc.queue.failed.runs").increment();
            LOG.warnf("the queue of artifact deletions could not be worked on, the next run will: %s", firstLine(e));
        }
    }

    /** Flyway and drivers write whole paragraphs. */
    private static String firstLine(Exception e) {
        return e.toString().lines().findFirst().orElse("");
    }
}
