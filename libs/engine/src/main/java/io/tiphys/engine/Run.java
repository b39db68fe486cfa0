package io.tiphys.engine;

import io.tiphys.api.NodeStatus;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one workflow's run: one object graph, owned by one thread at a time, changed in place by {@link Event}s only.
 */
public final class Run {

    /** A run in which nothing has happened yet. */
    public static Run create(WorkflowDefinition definition) {
        return Soon.soon();
    }

    /**
     * The run that left these records; {@link Engine#resume} then does what a crash in between may have left undone. Costs
     * O(nodes), once.
     */
    public static Run restore(WorkflowDefinition definition, RunRecord run, Collection<NodeRecord> nodes) {
        return Soon.soon();
    }

    public WorkflowDefinition definition() {
        return Soon.soon();
    }

    public WorkflowPhase phase() {
        return Soon.soon();
    }

    /** The node with this id, or null. */
    public @Nullable Node node(String id) {
        return Soon.soon();
    }

    /** All nodes in order of creation. */
    public Iterable<Node> nodes() {
        return Soon.soon();
    }

    public int nodeCount() {
        return Soon.soon();
    }

    /** What must be outstanding, given this state: carrying all of it out again is harmless. */
    public List<Command> pendingCommands() {
        return Soon.soon();
    }

    /** The status as Argo writes it, nodes included. */
    public WorkflowStatus status() {
        return Soon.soon();
    }

    /** The status without nodes. */
    public WorkflowStatus summary() {
        return Soon.soon();
    }

    /** One node as Argo writes it. */
    public NodeStatus status(Node node) {
        return Soon.soon();
    }

    public RunRecord record() {
        return Soon.soon();
    }

    public NodeRecord record(Node node) {
        return Soon.soon();
    }
}
