package io.tiphys.artifactgc.queue;

import io.tiphys.artifactgc.plan.Deletion;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletions that outlive their workflow, one per artifact. All methods throw {@link QueueUnavailableException} while the
 * database is away; safe for many threads and processes.
 */
public interface DeletionQueue {
    /** Keeps these for later; an artifact that is there already stays as it is. */
    void add(List<Queued> deletions);

    /** Up to so many that are due; nobody else gets them before the lease is over. */
    List<Entry> take(Instant now, Duration lease, int limit);

    void remove(Collection<Long> ids);

    /** Puts one off. */
    void postpone(long id, Instant dueAt, int attempts, @Nullable String reason);

    /** Makes one a dead letter: it stays for people to read and isn't tried again. */
    void kill(long id, Instant now, int attempts, String reason);

    /** Dead letters of a namespace's workflows, the newest first. */
    List<Entry> dead(String namespace, int limit, int offset);

    /** Makes dead letters of a namespace wait again, due at once and with all their attempts before them; all of them if none is named. */
    int revive(String namespace, Collection<Long> ids, Instant now);

    Counts counts();

    /**
     * A deletion to come.
     *
     * @param reason why it isn't done yet, if that was a failure
     * @param deadAt set for a dead letter
     */
    record Queued(
            Deletion deletion,
            Instant dueAt,
            @Nullable String reason,
            @Nullable Instant deadAt) {
        public static Queued waiting(Deletion deletion, Instant dueAt, @Nullable String reason) {
            return new Queued(deletion, dueAt, reason, null);
        }

        public static Queued dead(Deletion deletion, Instant now, String reason) {
            return new Queued(deletion, now, reason, now);
        }
    }

    /** One as the queue has it, with the number of attempts that failed. */
    record Entry(long id, Queued queued, int attempts) {}

    /** How many there are. */
    record Counts(long waiting, long dead) {}

    /** The database is away or refuses. */
    final class QueueUnavailableException extends RuntimeException {
        QueueUnavailableException(Throwable cause) {
            super("the queue of artifact deletions in Postgres is not available: " + cause.getMessage(), cause);
        }
    }
}
