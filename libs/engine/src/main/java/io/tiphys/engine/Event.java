package io.tiphys.engine;

import io.tiphys.api.Artifact;
import io.tiphys.api.Inputs;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A fact about a run. Replaying the facts of a run in order gives the same run. Nodes are referred to by their sequence
 * number, the order in which they came to be. Messages are {@linkplain Messages#bounded bounded}.
 */
public sealed interface Event {

    /** A fact about one node. */
    sealed interface NodeEvent extends Event {
        /** Sequence number of the node. */
        int node();
    }

    /**
     * A node came to be.
     *
     * @param parent the node under whose name it lives and which waits for it; -1 for a node without
     * @param boundary the enclosing steps or dag node; -1 for none
     * @param origin what it is within its parent
     * @param template key of its template within the definition; null for step groups and nodes that never ran
     */
    record NodeAdded(
            int node,
            int parent,
            int boundary,
            Origin origin,
            NodeType type,
            NodePhase phase,
            @Nullable String template,
            @Nullable String message,
            @Nullable Inputs inputs,
            boolean onExit,
            Instant at)
            implements NodeEvent {
        public NodeAdded {
            message = Messages.boundedOrNull(message);
        }
    }

    record NodePhaseChanged(
            int node, NodePhase phase, @Nullable String message, Instant at) implements NodeEvent {
        public NodePhaseChanged {
            message = Messages.boundedOrNull(message);
        }
    }

    record NodeMessageChanged(int node, @Nullable String message) implements NodeEvent {
        public NodeMessageChanged {
            message = Messages.boundedOrNull(message);
        }
    }

    /**
     * The pod was seen, was scheduled or got its address.
     *
     * @param podUid of the pod; null if nobody said
     */
    record PodPlaced(
            int node,
            @Nullable String podUid,
            @Nullable String hostName,
            @Nullable String podIp) implements NodeEvent {}

    /** The node's pod never began and is made again. */
    record PodRestarted(int node, String podUid, String message, Instant at) implements NodeEvent {
        public PodRestarted {
            message = Messages.bounded(message);
        }
    }

    record NodeOutputsChanged(int node, Outputs outputs) implements NodeEvent {}

    record NodeProgressed(int node, int done, int total) implements NodeEvent {}

    /** The executor's report about the node began ({@code false}) or is complete. */
    record TaskResultSynced(int node, boolean complete) implements NodeEvent {}

    /** The daemon is ready, or was ended. */
    record NodeDaemoned(int node, boolean daemoned) implements NodeEvent {}

    /** All children that this composite wants exist. */
    record ChildrenComplete(int node) implements NodeEvent {}

    /** The composite made a part of its children, and makes more after these have been looked at. */
    record ChildrenDeferred(int node) implements NodeEvent {}

    /** Step or task is done including its hooks: its parent goes on. */
    record NodeSettled(int node) implements NodeEvent {}

    /** The node waits for a slot before it makes more children. */
    record NodeBlocked(int node, Slot slot) implements NodeEvent {}

    /** Whose limit of parallelism stands in the way. */
    enum Slot {
        /** {@code spec.parallelism}: pods of the workflow. */
        WORKFLOW,
        /** {@code template.parallelism}: active children of the enclosing steps or dag node. */
        BOUNDARY
    }

    /** The node's pod ended this way; its outputs are still to come. */
    record PodEnded(int node, NodePhase phase, @Nullable String message, Instant at) implements NodeEvent {
        public PodEnded {
            message = Messages.boundedOrNull(message);
        }
    }

    /** A retried node waits until then for its next attempt. */
    record BackoffStarted(int node, Instant until) implements NodeEvent {}

    /** The node's pod was asked to end. */
    record PodEndRequested(int node, String reason) implements NodeEvent {}

    /** The node is taken out of the run, so that it may be made anew (retry of a workflow). */
    record NodeRemoved(int node) implements NodeEvent {}

    /** The node is open again (retry of a workflow). */
    record NodeReopened(int node, Instant at) implements NodeEvent {}

    /** The node asked its cache, had an answer, or its outputs are kept there. */
    record MemoChanged(int node, Memo memo) implements NodeEvent {}

    /**
     * The node's pod has used this much.
     *
     * @param seconds by resource: seconds times the amount requested, in units of 1 cpu, 100Mi of memory, 10Gi of storage
     */
    record ResourcesUsed(int node, Map<String, Long> seconds) implements NodeEvent {
        public ResourcesUsed {
            seconds = Collections.unmodifiableMap(new TreeMap<>(seconds));
        }
    }

    /** The head of the work list was dealt with; -1 for the workflow itself. */
    record Attended(int node) implements NodeEvent {}

    /** A fact about the locks of a node, or of the workflow under the number -1. */
    sealed interface LockEvent extends NodeEvent {}

    /** It asked for these locks, all or none. */
    record LocksWanted(int node, int ticket, List<LockRequest> requests) implements LockEvent {
        public LocksWanted {
            requests = List.copyOf(requests);
        }
    }

    /**
     * It has to wait.
     *
     * @param waitingFor the first lock that is not to be had
     * @param holders who holds the locks that it wants, by lock
     */
    record LocksAwaited(int node, @Nullable String waitingFor, Map<String, List<String>> holders) implements LockEvent {
        public LocksAwaited {
            holders = LockClaim.sorted(holders);
        }
    }

    /** All of its locks are its own. */
    record LocksTaken(int node) implements LockEvent {}

    /** It goes on, holding its locks. */
    record LocksInEffect(int node) implements LockEvent {}

    /** Nodes of a run that goes on were taken out: what is counted and queued is made up from those that are left. */
    record NodesTakenOut() implements Event {}

    /** It has nothing to do with locks any more. */
    record LocksReleased(int node) implements LockEvent {}

    record WorkflowPhaseChanged(
            WorkflowPhase phase, @Nullable String message, Instant at) implements Event {
        public WorkflowPhaseChanged {
            message = Messages.boundedOrNull(message);
        }
    }

    record WorkflowReopened(List<String> parameters, Instant at) implements Event {}

    record ShutdownSet(Shutdown strategy) implements Event {}

    record SuspendedSet(boolean suspended) implements Event {}

    record SpecFieldsSet(
            @Nullable Long activeDeadlineSeconds, @Nullable Long parallelism) implements Event {}

    /** A metric of the workflow or of a template makes no sense. */
    record MetricsFailed(String message) implements Event {
        public MetricsFailed {
            message = Messages.bounded(message);
        }
    }

    record DeadlinePassed() implements Event {}

    record GlobalOutputsAdded(List<Parameter> parameters, List<Artifact> artifacts) implements Event {}
}
