package io.tiphys.controller.journal;

import io.tiphys.messages.WorkflowRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of one workflow: the engine's state of its run and of each node, and the definition it runs by. Of a
 * run that is over only its own record is kept, unless it was asked for.
 */
public final class JournaledRun {
    /**
     * The engine's state in the newest record of a key.
     *
     * @param state JSON
     * @param offset of the record
     */
    @SuppressWarnings("ArrayRecordComponent") // entries are never compared
    public record Entry(byte[] state, long offset) {}

    private final WorkflowRef workflow;
    private final Map<String, Entry> nodes = new LinkedHashMap<>();
    private @Nullable Entry run;
    private @Nullable Entry definition;
    private boolean finished;
    private long seq;

    JournaledRun(WorkflowRef workflow) {
        this.workflow = workflow;
    }

    public WorkflowRef workflow() {
        return workflow;
    }

    /** The engine's state per node id. */
    public Map<String, Entry> nodes() {
        return nodes;
    }

    /** The engine's state beside the nodes. */
    public Optional<Entry> run() {
        return Optional.ofNullable(run);
    }

    public Optional<Entry> definition() {
        return Optional.ofNullable(definition);
    }

    /** Whether the run is over, so that its nodes are not here. */
    public boolean isFinished() {
        return finished;
    }

    /** The highest sequence number that was written. */
    public long seq() {
        return seq;
    }

    void put(String nodeId, Entry entry, long recordSeq) {
        seq = Math.max(seq, recordSeq);
        switch (nodeId) {
            case "" -> run = entry;
            case JournalRecords.DEFINITION -> definition = entry;
            default -> nodes.put(nodeId, entry);
        }
    }

    @Nullable
    Entry get(String nodeId) {
        return switch (nodeId) {
            case "" -> run;
            case JournalRecords.DEFINITION -> definition;
            default -> nodes.get(nodeId);
        };
    }

    void remove(String nodeId) {
        switch (nodeId) {
            case "" -> run = null;
            case JournalRecords.DEFINITION -> definition = null;
            default -> nodes.remove(nodeId);
        }
    }

    /** Lets go of what nobody needs of a run that is over. */
    void finish() {
        finished = true;
        nodes.clear();
        definition = null;
    }

    boolean isEmpty() {
        return run == null && definition == null && nodes.isEmpty();
    }
}
