package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.engine.Node;
import io.tiphys.engine.NodeRecord;
import io.tiphys.engine.Run;
import io.tiphys.engine.RunRecord;
import io.tiphys.engine.Transition;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Map<String, Node> changedNodes = new LinkedHashMap<>();
    private final Set<String> removedNodes = new LinkedHashSet<>();
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
     * Adds the records of everything that changed since the last call: nodes youngest first, the run's own last. So a write
     * that is cut off leaves nobody who counts on a node that isn't there, and what is missing is decided anew.
     */
    void collect(Active active, Collection<String> appliedCommands, List<ProducerRecord<String, byte[]>> records) {
        seq++;
        var now = shard.now();
        JournalRecords journal = shard.services().journalRecords();
        if (definitionChanged) {
            records.add(journal.definition(ref, seq, now, active.definition().toJson()));
        }
        Run run = active.run();
        changedNodes.values().stream()
                .sorted(Comparator.comparingInt(Node::seq).reversed())
                .forEach(node -> records.add(journal.node(ref, seq, now, run, node)));
        removedNodes.forEach(id -> records.add(journal.tombstone(ref.uid(), id)));
        if (runChanged || definitionChanged) {
            records.add(journal.run(ref, seq, now, run, appliedCommands));
        }
        changedNodes.clear();
        removedNodes.clear();
        runChanged = false;
        definitionChanged = false;
    }

    /** The records of everything vanish with the workflow. */
    void erase(Optional<Active> active, Batch batch) {
        JournalRecords journal = shard.services().journalRecords();
        active.ifPresent(known ->
                known.run().nodes().forEach(node -> batch.tombstone(journal.tombstone(ref.uid(), node.id()))));
        batch.tombstone(journal.tombstone(ref.uid(), JournalRecords.DEFINITION));
        batch.tombstone(journal.tombstone(ref.uid(), ""));
    }

    /** A run and the ids of the commands that are in effect in it. */
    record Restored(Active active, List<String> appliedCommands) {}

    /**
     * Builds the run from the journal; empty if its records don't suffice. Records that can't be read go to the dead letters, and
     * none of the workflow's counts then: half a run must not go on, and its status and pods tell as much.
     */
    Optional<Restored> restore(JournaledRun journaled) {
        seq = journaled.seq();
        if (journaled.run().isEmpty() || journaled.definition().isEmpty()) {
            discard(journaled);
            return Optional.empty();
        }
        try {
            JsonNode state = read(journaled.run().get(), JsonNode.class);
            Definition definition = definition(journaled.definition().get());
            RunRecord runRecord = ApiJson.mapper().treeToValue(state.path("run"), RunRecord.class);
            List<String> commands = new ArrayList<>();
            state.path("commands").forEach(id -> commands.add(id.asText()));
            List<NodeRecord> nodes = new ArrayList<>(journaled.nodes().values())
                    .parallelStream()
                            .map(entry -> read(entry, NodeRecord.class))
                            .toList();
            Run run =
                    Run.restore(definition.compiled(shard.services().settings().limits()), runRecord, nodes);
            return Optional.of(new Restored(new Active(definition, run), commands));
        } catch (UnreadableEntry e) {
            LOG.error("the journal of workflow {}/{} can't be read: {}", ref.namespace(), ref.name(), e.getMessage());
            reject(e);
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.error("no run can be made of the journal of workflow {}/{}", ref.namespace(), ref.name(), e);
        }
        shard.services().metrics().counter("tiphys.journal.unusable").increment();
        discard(journaled);
        return Optional.empty();
    }

    /** What is there of it goes when the workflow gets a run all the same. */
    private void discard(JournaledRun journaled) {
        removedNodes.addAll(journaled.nodes().keySet());
    }

    private void reject(UnreadableEntry unreadable) {
        shard.services().threads().execute(() -> {
            try {
                shard.services().journal().reject(shard.number(), unreadable.offset, unreadable.reason());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (JournalException e) {
                LOG.warn(
                        "the unreadable record at offset {} is not with the dead letters: {}",
                        unreadable.offset,
                        e.getMessage());
            }
        });
    }

    private static <T> T read(JournaledRun.Entry entry, Class<T> type) {
        try {
            return ApiJson.mapper().readValue(entry.state(), type);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEntry(entry.offset(), type.getSimpleName(), e);
        }
    }

    private static Definition definition(JournaledRun.Entry entry) {
        try {
            return Definition.fromJson(ApiJson.mapper().readTree(entry.state()));
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEntry(entry.offset(), "Definition", e);
        }
    }

    /** A record whose state is not what it should be. */
    private static final class UnreadableEntry extends RuntimeException {
        private final long offset;

        UnreadableEntry(long offset, String type, Exception cause) {
            super("the state at offset " + offset + " is no " + type, cause);
            this.offset = offset;
        }

        String reason() {
            String detail = getCause() == null ? "" : String.valueOf(getCause().getMessage());
            return getMessage() + ": " + detail.lines().findFirst().orElse("?");
        }
    }
}
