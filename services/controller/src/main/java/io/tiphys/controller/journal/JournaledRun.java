package io.tiphys.controller.journal;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
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

    /**
     * How a run ended.
     *
     * @param finishedAt in milliseconds since 1970
     */
    public record Ending(WorkflowPhase phase, long finishedAt) {
        /** Whether a status says the same, which counts in seconds. */
        public boolean isShownBy(WorkflowStatus status) {
            Instant shown = status.finishedAt();
            return status.phase() == phase
                    && (shown == null
                            || shown.getEpochSecond()
                                    == Instant.ofEpochMilli(finishedAt).getEpochSecond());
        }
    }

    private final WorkflowRef workflow;
    private final Map<String, Entry> nodes = new LinkedHashMap<>();
    private @Nullable Entry run;
    private @Nullable Entry definition;
    private @Nullable Ending ending;
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
        return ending != null;
    }

    /** How the run ended, if it is over and only that was kept. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** The highest sequence number that was written. */
    public long seq() {
        return seq;
    }

    /** This number was written, though with nothing that counts. */
    void skip(long recordSeq) {
        seq = Math.max(seq, recordSeq);
    }

    void put(String nodeId, Entry entry, long recordSeq) {
        skip(recordSeq);
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
    void finish(Ending how) {
        ending = how;
        nodes.clear();
        definition = null;
    }

    boolean isEmpty() {
        return run == null && definition == null && nodes.isEmpty();
    }
}
