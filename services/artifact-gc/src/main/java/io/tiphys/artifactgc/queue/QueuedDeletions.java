package io.tiphys.artifactgc.queue;

import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.queue.DeletionQueue.Entry;
import io.tiphys.artifactgc.reconcile.ArtifactRemover;
import io.tiphys.artifactgc.reconcile.GcListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Does what is due in the queue. */
public final class QueuedDeletions {
    private static final int BATCH = 1000;

    private final DeletionQueue queue;
    private final ArtifactRemover remover;
    private final GcListener listener;
    private final Clock clock;
    private final Retries retries;

    /**
     * How a deletion is tried again.
     *
     * @param attempts after so many that failed it is a dead letter
     * @param initial wait after the first; doubles from then on
     * @param max the longest wait
     * @param referenced wait while another workflow needs the object; that is no failure
     * @param lease in which a batch must be done before somebody else may take it
     */
    public record Retries(int attempts, Duration initial, Duration max, Duration referenced, Duration lease) {
        Duration after(int attempt) {
            Duration wait = initial.multipliedBy(1L << Math.min(attempt - 1, 20));
            return wait.compareTo(max) > 0 ? max : wait;
        }
    }

    public QueuedDeletions(
            DeletionQueue queue, ArtifactRemover remover, GcListener listener, Clock clock, Retries retries) {
        this.queue = queue;
        this.remover = remover;
        this.listener = listener;
        this.clock = clock;
        this.retries = retries;
    }

    /**
     * Does all that is due now, batch by batch.
     *
     * @throws DeletionQueue.QueueUnavailableException and what {@link ArtifactRemover} throws: what was taken is due again
     *     after its lease
     */
    public void run() {
        List<Entry> taken;
        do {
            taken = queue.take(clock.instant(), retries.lease(), BATCH);
            run(taken);
        } while (taken.size() == BATCH);
    }

    private void run(List<Entry> taken) {
        List<Deletion> deletions =
                taken.stream().map(entry -> entry.queued().deletion()).toList();
        List<Outcome> outcomes = remover.remove(deletions);
        listener.finished(outcomes);
        Instant now = clock.instant();
        List<Long> done = new ArrayList<>();
        for (int n = 0; n < taken.size(); n++) {
            Entry entry = taken.get(n);
            switch (outcomes.get(n)) {
                case Outcome.Deleted _ -> done.add(entry.id());
                case Outcome.Referenced _ ->
                    queue.postpone(entry.id(), now.plus(retries.referenced()), entry.attempts(), null);
                case Outcome.Failed(Deletion _, String reason, boolean _) -> failed(entry, now, reason);
            }
        }
        queue.remove(done);
    }

    private void failed(Entry entry, Instant now, String reason) {
        int attempts = entry.attempts() + 1;
        if (attempts >= retries.attempts()) {
            queue.kill(entry.id(), now, attempts, reason);
        } else {
            queue.postpone(entry.id(), now.plus(retries.after(attempts)), attempts, reason);
        }
    }
}
