package io.tiphys.controller.shard;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the inputs of one round of a shard's loop lead to: first written down all together, then done. */
final class Batch {
    private final Set<RunDriver> touched = new LinkedHashSet<>();
    private final List<Supplier<ProducerRecord<String, byte[]>>> tombstones = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final List<Runnable> processed = new ArrayList<>();

    /** The run has changes to journal. */
    void touch(RunDriver run) {
        touched.add(run);
    }

    /** Keys that are to vanish from the journal, before anything else is written. */
    void tombstones(List<Supplier<ProducerRecord<String, byte[]>>> records) {
        tombstones.addAll(records);
    }

    /** To be done once the changes are journaled. */
    void afterwards(Runnable action) {
        afterwards.add(action);
    }

    /** A record from Kafka is in effect once the changes are journaled; this is to be run then. */
    void processed(Runnable done) {
        processed.add(done);
    }

    /** All that must be in the journal before anything is done. What is asked for is made for that, if there is much. */
    List<ProducerRecord<String, byte[]>> records() {
        List<Supplier<ProducerRecord<String, byte[]>>> records = new ArrayList<>(tombstones);
        touched.forEach(run -> records.addAll(run.collectChanges()));
        return new AbstractList<>() {
            @Override
            public ProducerRecord<String, byte[]> get(int index) {
                return records.get(index).get();
            }

            @Override
            public int size() {
                return records.size();
            }
        };
    }

    List<Runnable> afterwards() {
        return afterwards;
    }

    List<Runnable> processed() {
        return processed;
    }
}
