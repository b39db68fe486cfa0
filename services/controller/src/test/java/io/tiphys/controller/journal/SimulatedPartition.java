package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.UnreadableRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * One partition of node-changes, which outlives whoever writes to it. What counts is decided as for Kafka's: by claims ({@link
 * PartitionContents}) and by the offsets of one's own records ({@link Tenure}).
 */
public final class SimulatedPartition {
    /** Sees every record that counts. */
    public interface Reader {
        /** The change is null for a tombstone. */
        void written(String key, @Nullable NodeChange change);
    }

    /** Somebody's time as the writer of the partition. */
    public final class Writer {
        private final Tenure tenure;

        private Writer(Tenure tenure) {
            this.tenure = tenure;
        }

        /**
         * Appends the records.
         *
         * @throws JournalException if somebody else wrote in between
         */
        public void append(List<ProducerRecord<String, byte[]>> records) {
            boolean isAlone = true;
            List<ConsumerRecord<String, byte[]>> commit = new ArrayList<>();
            for (ProducerRecord<String, byte[]> record : records) {
                boolean counts = tenure.writer().equals(writer);
                isAlone &= tenure.follows(log.size());
                RecordHeaders headers = new RecordHeaders(record.headers().toArray());
                headers.add(PartitionContents.WRITER, tenure.writer().getBytes(UTF_8));
                ConsumerRecord<String, byte[]> kept = add(record.key(), record.value(), headers);
                commit.add(kept);
                CommitMark mark = CommitMark.of(headers);
                if (mark == null || mark.isLast()) {
                    if (counts) {
                        commit.forEach(each -> reader.written(each.key(), each.value() == null ? null : change(each)));
                    }
                    commit.clear();
                }
            }
            if (!isAlone) {
                throw new JournalException("somebody else has written", null);
            }
        }

        /** Whether nobody took the partition since. */
        public boolean counts() {
            return tenure.writer().equals(writer);
        }
    }

    /** What was found by who begins to write. */
    public record Opened(Writer writer, Map<String, JournaledRun> runs) {}

    private final int number;
    private final Reader reader;
    private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();
    private @Nullable String writer;
    private int claims;

    public SimulatedPartition(int number, Reader reader) {
        this.number = number;
        this.reader = reader;
    }

    /** Makes the caller the only one whose records count. */
    public Opened open() {
        PartitionContents contents = fed(new PartitionContents());
        String name = "writer-" + number + "-" + ++claims;
        writer = name;
        ConsumerRecord<String, byte[]> claim = add(PartitionContents.CLAIM + name, new byte[0], new RecordHeaders());
        Map<String, JournaledRun> runs = contents.runs();
        List<Repair> repairs = new ArrayList<>(contents.repairs());
        if (!contents.incomplete().isEmpty()) {
            runs.putAll(read(contents.incomplete()));
        }
        if (!contents.uncertain().isEmpty()) {
            repairs.addAll(
                    fed(new PartitionContents(contents.uncertain()::contains)).repairs());
        }
        Tenure tenure = new Tenure(name, claim.offset());
        repairs.forEach(repair -> tenure.follows(repair(repair, name).offset()));
        return new Opened(new Writer(tenure), runs);
    }

    private ConsumerRecord<String, byte[]> repair(Repair repair, String by) {
        ConsumerRecord<String, byte[]> thatCounts = repair.offset() < 0 ? null : log.get((int) repair.offset());
        ProducerRecord<String, byte[]> record = repair.record("journal", number, thatCounts);
        record.headers().remove(PartitionContents.WRITER).add(PartitionContents.WRITER, by.getBytes(UTF_8));
        return add(record.key(), record.value(), record.headers());
    }

    /** All there is of some workflows. */
    public Map<String, JournaledRun> read(Set<String> uids) {
        return fed(new PartitionContents(uids::contains)).runs();
    }

    private PartitionContents fed(PartitionContents contents) {
        for (ConsumerRecord<String, byte[]> record : log) {
            try {
                contents.apply(record);
            } catch (UnreadableRecordException e) {
                throw new AssertionError("a record was written that can't be read: " + record.key(), e);
            }
        }
        return contents;
    }

    private ConsumerRecord<String, byte[]> add(String key, byte @Nullable [] value, Headers headers) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                "journal",
                number,
                log.size(),
                0,
                TimestampType.CREATE_TIME,
                key.length(),
                value == null ? 0 : value.length,
                key,
                value,
                headers,
                Optional.empty());
        log.add(record);
        return record;
    }

    private static NodeChange change(ConsumerRecord<String, byte[]> record) {
        try {
            return Records.read(record, NodeChange.class);
        } catch (UnreadableRecordException e) {
            throw new AssertionError("a record was written that can't be read: " + record.key(), e);
        }
    }
}
