package io.tiphys.messages;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest state of one node of a workflow, or, with an empty {@code nodeId}, of the workflow itself. The topic is
 * compacted: for each key the newest record is the truth, and all records of a workflow together restore its run.
 *
 * @param nodeId Argo's node id; empty for the workflow's own record
 * @param seq counts up per workflow with each batch of changes; a consumer that has seen a higher one may skip
 * @param node Argo's {@code NodeStatus} as JSON; for the workflow's own record its {@code WorkflowStatus} less
 *     the map of nodes
 * @param state what the engine needs beyond {@code node} to carry on; consumers other than the controller ignore it. Always
 *     written last: the controller finds it by its place
 */
@JsonPropertyOrder({"workflow", "nodeId", "seq", "at", "node", "state"})
public record NodeChange(
        WorkflowRef workflow,
        String nodeId,
        long seq,
        Instant at,
        JsonNode node,
        @Nullable JsonNode state) implements Message {

    /**
     * Whether a record with this id is about a node of the workflow, and not one of its own records: that with an empty id,
     * or one of the controller's, whose ids start with {@code #} as no node's does. (A method {@code isNode()} of the record
     * would be written as its {@code node}.)
     */
    public static boolean isNode(String nodeId) {
        return !nodeId.isEmpty() && nodeId.charAt(0) != '#';
    }

    /** The key of a node's record; {@code nodeId} is empty for the workflow's own. */
    public static String key(String uid, String nodeId) {
        return uid + "/" + nodeId;
    }

    @Override
    public Topic topic() {
        return Topics.NODE_CHANGES;
    }

    @Override
    public String eventType() {
        return nodeId.isEmpty() ? "io.tiphys.workflow.status-changed" : "io.tiphys.node.changed";
    }

    @Override
    public String eventId() {
        return key() + "/" + seq;
    }

    @Override
    public String key() {
        return key(workflow.uid(), nodeId);
    }
}
