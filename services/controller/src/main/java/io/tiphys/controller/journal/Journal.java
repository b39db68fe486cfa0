package io.tiphys.controller.journal;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where node changes are written down before anything is done about them. */
public interface Journal extends AutoCloseable {

    /**
     * Appends the records and waits until all replicas have them.
     *
     * @throws JournalException if that can't be had; what was written is then unknown, and the shard must be restored
     */
    void append(List<ProducerRecord<String, byte[]>> records) throws InterruptedException;

    /** Sends records that nothing waits for: workflow and pod events, dead letters. */
    void announce(List<ProducerRecord<String, byte[]>> records);

    /**
     * Everything that the journal holds of one shard, newest record of each key, tombstones left out.
     *
     * @return per workflow uid
     */
    Map<String, JournaledRun> read(int shard) throws InterruptedException;

    /** Sends what is still to be sent and lets go of Kafka. */
    @Override
    void close();

    /** Thrown when the journal is not to be had. */
    final class JournalException extends RuntimeException {
        public JournalException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
