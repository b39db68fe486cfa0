package io.tiphys.artifactgc.reconcile;

import io.tiphys.artifactgc.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Rounds of tries: a bounded number per workflow with a growing wait between them, a bounded number of workflows at the same
 * time, and never two rounds for one workflow at once. Thread-safe; meant to be called on virtual threads.
 */
public final class GcRounds {
    private static final Logger LOG = Logger.getLogger(GcRounds.class);

    private final GcReconciler reconciler;
    private final GcListener listener;
    private final Backoff backoff;
    private final Semaphore places;
    private final Map<String, Boolean> underWay = new ConcurrentHashMap<>();

    /**
     * How a round is tried again.
     *
     * @param attempts at least 1
     * @param initial wait before the second try; doubles from then on
     * @param max the longest wait
     */
    public record Backoff(int attempts, Duration initial, Duration max) {
        Duration before(int attempt) {
            int doublings = Math.min(attempt - 2, 20);
            Duration wait = initial.multipliedBy(1L << doublings);
            return wait.compareTo(max) > 0 ? max : wait;
        }
    }

    public GcRounds(GcReconciler reconciler, GcListener listener, Backoff backoff, int parallelism) {
        this.reconciler = reconciler;
        this.listener = listener;
        this.backoff = backoff;
        this.places = new Semaphore(parallelism);
    }

    /**
     * Does one round, to its end.
     *
     * @return why it failed, empty if it didn't; a failed round is recorded in the workflow's status where that was possible
     * @throws InterruptedException if the service stops; the round is found again by the next sweep
     */
    public Optional<String> run(String namespace, String name) throws InterruptedException {
        String key = namespace + "/" + name;
        if (underWay.putIfAbsent(key, true) != null) {
            return Optional.empty();
        }
        places.acquire();
        try {
            return tryUntilDone(namespace, name);
        } finally {
            places.release();
            underWay.remove(key);
        }
    }

    private Optional<String> tryUntilDone(String namespace, String name) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= backoff.attempts();
            String reason;
            try {
                List<Outcome.Failed> failed = reconciler.reconcile(namespace, name, last);
                if (failed.isEmpty()) {
                    return Optional.empty();
                }
                reason = failed.getFirst().reason();
            } catch (RuntimeException e) {
                reason = e.toString();
                if (last) {
                    LOG.errorf(e, "artifact deletion of workflow %s/%s failed %d times", namespace, name, attempt);
                    return Optional.of(reason);
                }
            }
            Duration wait = backoff.before(attempt + 1);
            LOG.warnf(
                    "artifact deletion of workflow %s/%s: try %d of %d failed, next in %s: %s",
                    namespace, name, attempt, backoff.attempts(), wait, reason);
            listener.triesAgain();
            Thread.sleep(wait);
        }
    }
}
