package io.tiphys.controller.journal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where node changes are written down before anything is done about them. Each shard has one writer at a time. */
public interface Journal extends AutoCloseable {

    /**
     * Makes the caller the shard's writer, whose records alone count from now on, and tells what the journal holds: the newest
     * record of each key, tombstones left out. Records that can't be read go to the dead letters, with what else there is of
     * their workflow left out.
     *
     * @return per workflow uid; of runs that are over only that they are
     * @throws JournalException if it is not to be had
     */
    Map<String, JournaledRun> open(int shard) throws InterruptedException;

    /**
     * Appends records of one shard and waits until all replicas have them.
     *
     * @param records at least one; each is asked for when it is sent, and may be made for that
     * @throws JournalException if that can't be had, or if somebody else has written meanwhile; the shard must be opened again
     */
    void append(List<ProducerRecord<String, byte[]>> records) throws InterruptedException;

    /** Sends records that nothing waits for: workflow and pod events. */
    void announce(List<ProducerRecord<String, byte[]>> records);

    /** Sends a record, and runs {@code sent} once all replicas have it; never, if that can't be had. */
    void send(ProducerRecord<String, byte[]> record, Runnable sent);

    /**
     * Everything that the journal holds of some workflows, whether they are over or not.
     *
     * @return per workflow uid, without those that it has nothing of
     * @throws JournalException if it is not to be had
     */
    Map<String, JournaledRun> read(int shard, Set<String> uids) throws InterruptedException;

    /** Sends a record of the journal that turned out to be unreadable to the dead letters. */
    void reject(int shard, long offset, String reason) throws InterruptedException;

    /** Sends what is still to be sent and lets go of Kafka. */
    @Override
    void close();

    /** Thrown when the journal is not to be had. */
    final class JournalException extends RuntimeException {
        public JournalException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
