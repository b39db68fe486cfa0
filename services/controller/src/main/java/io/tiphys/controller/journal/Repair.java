package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A key whose newest record doesn't count, but would be what compaction leaves.
 *
 * @param offset of the record that counts; -1 where there is none
 * @param insteadOf the commit that was cut off ({@link #commit}), if the newest record is of one; null if who wrote it had been replaced
 */
record Repair(String key, long offset, @Nullable String insteadOf) {
    private static final String INSTEAD_OF = "tiphys_instead_of";

    /** Names a commit; each writer numbers its own. */
    static String commit(String writer, long seq) {
        return writer + "/" + seq;
    }

    /** The commit that this record says never to count; null for most. */
    static @Nullable String insteadOf(Headers headers) {
        Header header = headers.lastHeader(INSTEAD_OF);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /** The record that puts right what the key's newest one says. */
    ProducerRecord<String, byte[]> record(
            String topic, int partition, @Nullable ConsumerRecord<String, byte[]> thatCounts) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, partition, key, thatCounts == null ? null : thatCounts.value());
        if (thatCounts != null) {
            thatCounts.headers().forEach(record.headers()::add);
        }
        CommitMark.removeFrom(record.headers());
        record.headers().remove(INSTEAD_OF);
        if (insteadOf != null) {
            record.headers().add(INSTEAD_OF, insteadOf.getBytes(UTF_8));
        }
        return record;
    }
}
