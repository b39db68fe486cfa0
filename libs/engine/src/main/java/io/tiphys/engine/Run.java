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
        throw new UnsupportedOperationException();
    }

    /**
     * The run that left these records; {@link Engine#resume} then does what a crash in between may have left undone. Costs
     * O(nodes), once.
     */
    public static Run restore(WorkflowDefinition definition, RunRecord run, Collection<NodeRecord> nodes) {
        throw new UnsupportedOperationException();
    }

    public WorkflowDefinition definition() {
        throw new UnsupportedOperationException();
    }

    public WorkflowPhase phase() {
        throw new UnsupportedOperationException();
    }

    /** The node with this id, or null. */
    public @Nullable Node node(String id) {
        throw new UnsupportedOperationException();
    }

    /** All nodes in order of creation. */
    public Iterable<Node> nodes() {
        throw new UnsupportedOperationException();
    }

    public int nodeCount() {
        throw new UnsupportedOperationException();
    }

    /** What must be outstanding, given this state: carrying all of it out again is harmless. */
    public List<Command> pendingCommands() {
        throw new UnsupportedOperationException();
    }

    /** The status as Argo writes it, nodes included. */
    public WorkflowStatus status() {
        throw new UnsupportedOperationException();
    }

    /** The status without nodes. */
    public WorkflowStatus summary() {
        throw new UnsupportedOperationException();
    }

    /** One node as Argo writes it. */
    public NodeStatus status(Node node) {
        throw new UnsupportedOperationException();
    }

    public RunRecord record() {
        throw new UnsupportedOperationException();
    }

    public NodeRecord record(Node node) {
        throw new UnsupportedOperationException();
    }
}
