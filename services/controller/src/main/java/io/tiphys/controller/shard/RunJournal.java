package io.tiphys.controller.shard;

import io.tiphys.controller.journal.Commit;
import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of one workflow's run is still to be journaled, and the way back from what was. */
final class RunJournal {
    /** The largest record that is certain to be taken: producer and topic count some bytes more than the value. */
    static final int MAX_RECORD_BYTES = Topics.MAX_MESSAGE_BYTES - 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RunJournal.class);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private Map<String, Node> changedNodes = new LinkedHashMap<>();
    private Set<String> removedNodes = new LinkedHashSet<>();
    private boolean runChanged;
    private boolean definitionChanged;
    private long seq;

    RunJournal(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    /** What users read of a workflow that can't be journaled. */
    static String tooLarge(ProducerRecord<String, byte[]> record) {
        String node = record.key().substring(record.key().indexOf('/') + 1);
        return "what is to be kept of " + (node.isEmpty() ? "the workflow" : "node \"" + node + "\"") + " has "
                + record.value().length / 1024 + " KiB, and the journal takes at most " + MAX_RECORD_BYTES / 1024
                + " KiB (max.message.bytes of the topic " + record.topic() + "); pass large data as artifacts";
    }

    /** All of a run that has no records yet. */
    void begin(Run run) {
        definitionChanged = true;
        run.nodes().forEach(node -> {
            changedNodes.put(node.id(), node);
            removedNodes.remove(node.id());
        });
    }

    void note(Transition transition) {
        for (String id : transition.removedNodeIds()) {
            changedNodes.remove(id);
            removedNodes.add(id);
        }
        // second: a node that was removed may be there again, under the same id
        for (Node node : transition.changedNodes()) {
            changedNodes.put(node.id(), node);
            removedNodes.remove(node.id());
        }
        runChanged |= transition.runChanged();
    }

    void runChanged() {
        runChanged = true;
    }

    /** Whether nothing is to be written. */
    boolean isWritten() {
        return changedNodes.isEmpty() && removedNodes.isEmpty() && !runChanged && !definitionChanged;
    }

    /**
     * Adds the records of everything that changed since the last call, as one commit: a write that is cut off leaves nothing of it. Nodes
     * come youngest first, the run's own last, so that those who follow along see what a node counts on before the node.
     *
     * @return to be sent before the run changes again
     */
    List<Supplier<ProducerRecord<String, byte[]>>> collect(Active active, Collection<String> appliedCommands) {
        long number = ++seq;
        Commit commit = new Commit(number);
        var now = shard.now();
        JournalRecords journal = shard.services().journalRecords();
        if (definitionChanged) {
            commit.add(() ->
                    journal.definition(ref, number, now, active.definition().toJson()));
        }
        Run run = active.run();
        changedNodes.values().stream()
                .sorted(Comparator.comparingInt(Node::seq).reversed())
                .forEach(node -> commit.add(() -> journal.node(ref, number, now, run, node)));
        removedNodes.forEach(id -> commit.add(() -> journal.tombstone(ref.uid(), id)));
        if (runChanged || definitionChanged) {
            commit.add(() -> journal.run(ref, number, now, run, appliedCommands));
        }
        // not cleared: that would cost what the largest change was, each time
        changedNodes = new LinkedHashMap<>();
        removedNodes = new LinkedHashSet<>();
        runChanged = false;
        definitionChanged = false;
        return commit.records();
    }

    /** The records of everything vanish with the workflow, all at once. */
    void erase(Optional<Active> active, Batch batch) {
        seq++;
        List<String> nodes = new ArrayList<>();
        active.ifPresent(known -> known.run().nodes().forEach(node -> nodes.add(node.id())));
        nodes.add(JournalRecords.DEFINITION);
        nodes.add("");
        Commit commit = new Commit(seq);
        JournalRecords journal = shard.services().journalRecords();
        nodes.forEach(nodeId -> commit.add(() -> journal.tombstone(ref.uid(), nodeId)));
        batch.tombstones(commit.records());
    }

    /** A run and the ids of the commands that are in effect in it. */
    record Restored(Active active, List<String> appliedCommands) {}

    /**
     * Builds the run from the journal; empty if its records don't suffice. Records that can't be read go to the dead letters, and
     * none of the workflow's counts then: half a run must not go on, and its status and pods tell as much.
     */
    Optional<Restored> restore(JournaledRun journaled) {
        seq = journaled.seq();
        try {
            Optional<Restoration> restored =
                    Restoration.of(journaled, shard.services().settings().engine());
            if (restored.isPresent()) {
                return restored.map(
                        known -> new Restored(new Active(known.definition(), known.run()), known.appliedCommands()));
            }
        } catch (Restoration.UnreadableEntry e) {
            LOG.error("the journal of workflow {}/{} can't be read: {}", ref.namespace(), ref.name(), e.getMessage());
            shard.services().metrics().counter("tiphys.journal.unusable").increment();
            reject(e);
        } catch (RuntimeException e) {
            LOG.error("no run can be made of the journal of workflow {}/{}", ref.namespace(), ref.name(), e);
            shard.services().metrics().counter("tiphys.journal.unusable").increment();
        }
        discard(journaled);
        return Optional.empty();
    }

    /** What is there of it goes when the workflow gets a run all the same. */
    private void discard(JournaledRun journaled) {
        removedNodes.addAll(journaled.nodes().keySet());
    }

    private void reject(Restoration.UnreadableEntry unreadable) {
        shard.services().threads().execute(() -> {
            try {
                shard.services().journal().reject(shard.number(), unreadable.offset(), unreadable.reason());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (JournalException e) {
                LOG.warn(
                        "the unreadable record at offset {} is not with the dead letters: {}",
                        unreadable.offset(),
                        e.getMessage());
            }
        });
    }
}
