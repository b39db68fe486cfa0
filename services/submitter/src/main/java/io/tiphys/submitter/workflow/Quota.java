package io.tiphys.submitter.workflow;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many workflows of a namespace may wait or run at once. They are counted in the Kubernetes API every few seconds while somebody
 * submits, and what this process has let in since is added, so the limit holds to within what other replicas and kubectl create in
 * between.
 */
@ApplicationScoped
public class Quota {
    private static final Duration COUNTED_EVERY = Duration.ofSeconds(2);
    private static final Selection UNFINISHED = new Selection("workflows.argoproj.io/completed!=true", "");

    private final ArgoObjects objects;
    private final int limit;
    private final MeterRegistry metrics;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    public Quota(ArgoObjects objects, SubmitterConfig config, MeterRegistry metrics) {
        this.objects = objects;
        this.limit = config.maxUnfinishedWorkflows();
        this.metrics = metrics;
    }

    /** Counts one more in, or refuses it with 429. */
    void require(String namespace) {
        if (limit > 0 && !counts.computeIfAbsent(namespace, Count::new).letIn()) {
            metrics.counter("tiphys.submissions.over.quota").increment();
            throw new ApiException(
                    Code.RESOURCE_EXHAUSTED,
                    "namespace \"" + namespace + "\" has " + limit
                            + " workflows that wait or run, the most that tiphys.submitter.max-unfinished-workflows allows;"
                            + " try again when some have finished");
        }
    }

    private final class Count {
        private final String namespace;
        private final ReentrantLock lock = new ReentrantLock();
        private long countedAt = System.nanoTime() - COUNTED_EVERY.toNanos();
        private int unfinished;

        Count(String namespace) {
            this.namespace = namespace;
        }

        boolean letIn() {
            lock.lock();
            try {
                if (System.nanoTime() - countedAt >= COUNTED_EVERY.toNanos()) {
                    int[] found = {0};
                    objects.forEach(ArgoKind.WORKFLOW, namespace, UNFINISHED, _ -> found[0]++);
                    unfinished = found[0];
                    countedAt = System.nanoTime();
                }
                if (unfinished >= limit) {
                    return false;
                }
                unfinished++;
                return true;
            } finally {
                lock.unlock();
            }
        }
    }
}
