package io.tiphys.controller.shard;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the inputs of one round of a shard's loop lead to: first written down all together, then done. */
final class Batch {
    private final Set<WorkflowDriver> touched = new LinkedHashSet<>();
    private final List<ProducerRecord<String, byte[]>> tombstones = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();

    /** The driver has changes to journal. */
    void touch(WorkflowDriver driver) {
        touched.add(driver);
    }

    void tombstone(ProducerRecord<String, byte[]> record) {
        tombstones.add(record);
    }

    /** To be done once the changes are journaled. */
    void afterwards(Runnable action) {
        afterwards.add(action);
    }

    /** All that must be in the journal before anything is done. */
    List<ProducerRecord<String, byte[]>> records() {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>(tombstones);
        touched.forEach(driver -> driver.collectChanges(records));
        return records;
    }

    List<Runnable> afterwards() {
        return afterwards;
    }
}
