package io.tiphys.controller.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.messages.WorkflowRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the journal says of one workflow: the engine's state of its run and of each node, and the definition it runs by. */
public final class JournaledRun {
    private final WorkflowRef workflow;
    private final Map<String, JsonNode> nodes = new LinkedHashMap<>();
    private @Nullable JsonNode run;
    private @Nullable JsonNode definition;
    private long seq;

    JournaledRun(WorkflowRef workflow) {
        this.workflow = workflow;
    }

    public WorkflowRef workflow() {
        return workflow;
    }

    /** The engine's state per node id. */
    public Map<String, JsonNode> nodes() {
        return nodes;
    }

    /** The engine's state beside the nodes. */
    public Optional<JsonNode> run() {
        return Optional.ofNullable(run);
    }

    public Optional<JsonNode> definition() {
        return Optional.ofNullable(definition);
    }

    /** The highest sequence number that was written. */
    public long seq() {
        return seq;
    }

    void put(String nodeId, JsonNode state, long recordSeq) {
        seq = Math.max(seq, recordSeq);
        switch (nodeId) {
            case "" -> run = state;
            case JournalRecords.DEFINITION -> definition = state;
            default -> nodes.put(nodeId, state);
        }
    }

    void remove(String nodeId) {
        switch (nodeId) {
            case "" -> run = null;
            case JournalRecords.DEFINITION -> definition = null;
            default -> nodes.remove(nodeId);
        }
    }

    boolean isEmpty() {
        return run == null && definition == null && nodes.isEmpty();
    }
}
