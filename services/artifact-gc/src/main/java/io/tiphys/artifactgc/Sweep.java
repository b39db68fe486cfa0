package io.tiphys.artifactgc;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifactgc.reconcile.GcRounds;
import io.tiphys.artifactgc.reconcile.WorkflowGateway;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Looks up what still waits for deletion, at the start and every now and then: events that were lost, rounds that failed,
 * stores that are back.
 */
@ApplicationScoped
public class Sweep {
    private static final Logger LOG = Logger.getLogger(Sweep.class);

    private final WorkflowGateway workflows;
    private final GcRounds rounds;

    public Sweep(WorkflowGateway workflows, GcRounds rounds) {
        this.workflows = workflows;
        this.rounds = rounds;
    }

    @Scheduled(
            every = "${tiphys.artifact-gc.sweep-every}",
            delayed = "5s",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            workflows.forEachSeen(seen -> {
                if (seen.isWaiting()) {
                    executor.execute(() -> run(seen.namespace(), seen.name()));
                }
            });
        } catch (RuntimeException e) {
            LOG.warnf(
                    "could not look up the workflows that wait for artifact deletion, the next sweep will: %s",
                    e.toString());
        }
    }

    private void run(String namespace, String name) {
        try {
            rounds.run(namespace, name);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
