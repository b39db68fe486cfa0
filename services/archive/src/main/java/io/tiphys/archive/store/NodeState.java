package io.tiphys.archive.store;

import java.time.OffsetDateTime;

/** What a record of the journal says of a node. */
public sealed interface NodeState {
    String workflowUid();

    /** Empty for the workflow itself. */
    String nodeId();

    /** When it was so. */
    OffsetDateTime at();

    /** The node is so now; {@code node} is Argo's NodeStatus as JSON. */
    record Present(String workflowUid, String nodeId, OffsetDateTime at, String phase, String node)
            implements NodeState {}

    /** The journal has dropped the node. */
    record Dropped(String workflowUid, String nodeId, OffsetDateTime at) implements NodeState {}
}
