package io.tiphys.controller.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The records of a commit of one workflow while they are put together: whoever reads the journal takes all of them or none. What 100,000
 * nodes have to say would fill the memory, so the records of a large commit are made when they are sent, one at a time. The run must not
 * change in between. For the shard's own thread.
 */
public final class Commit {
    /** A commit of more records isn't kept. */
    static final int KEPT_RECORDS = 1_000;

    private final long seq;
    private final List<Supplier<ProducerRecord<String, byte[]>>> records = new ArrayList<>();

    /**
     * A commit without records.
     *
     * @param seq in no other commit of the same writer about the workflow
     */
    public Commit(long seq) {
        this.seq = seq;
    }

    /** Adds a record, which comes after those that were added before. */
    public void add(Supplier<ProducerRecord<String, byte[]>> record) {
        records.add(record);
    }

    /** The records in order, each made anew by each call where there are many. */
    public List<Supplier<ProducerRecord<String, byte[]>>> records() {
        List<Supplier<ProducerRecord<String, byte[]>>> bound = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            int index = i;
            if (records.size() > KEPT_RECORDS) {
                bound.add(() -> bound(index));
            } else {
                ProducerRecord<String, byte[]> record = bound(index);
                bound.add(() -> record);
            }
        }
        return bound;
    }

    private ProducerRecord<String, byte[]> bound(int index) {
        ProducerRecord<String, byte[]> record = records.get(index).get();
        if (records.size() > 1) {
            new CommitMark(seq, index == records.size() - 1).addTo(record.headers());
        }
        return record;
    }
}
