package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.selector.NodeFieldSelector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something observed or asked for, with the time at which it was. An input that says nothing new changes nothing, so
 * observations may come twice, late, or all over again after a resync.
 */
public sealed interface Input {
    /** When it was observed; the engine knows no other clock. Seconds are what the status shows. */
    Instant at();

    /** The workflow may run: it was accepted and controller-wide and namespace parallelism let it in. */
    record Started(Instant at) implements Input {}

    /** The workflow must wait outside, with the reason that its status shows; {@link Started} ends the wait. */
    record Postponed(String message, Instant at) implements Input {}

    /** The pod of a node was seen, or was seen to be gone. */
    record PodObserved(String nodeId, PodFacts pod, Instant at) implements Input {}

    /**
     * The executor reported about a node.
     *
     * @param outputs what is known so far; artifacts carry their location
     * @param phase {@code Error} or {@code Failed} when the executor itself failed (staging, saving)
     * @param progress {@code N/M}
     * @param complete nothing more will come
     */
    record TaskResultReceived(
            String nodeId,
            @Nullable Outputs outputs,
            @Nullable NodePhase phase,
            @Nullable String message,
            @Nullable String progress,
            boolean complete,
            Instant at)
            implements Input {}

    /** A timer asked for with {@link Command.StartTimer} is due. Unknown keys are ignored. */
    record TimerFired(String key, Instant at) implements Input {}

    /** The pod of a node could not be created. Transient refusals (quota, 429, 5xx) leave the node pending. */
    record PodCreationRefused(String nodeId, String message, boolean isTransient, Instant at) implements Input {}

    /**
     * The pod of a node failed before it began, by no fault of its own, and is to be made again: the node goes back to waiting for it.
     *
     * @param podUid of the pod that failed; the same one again changes nothing
     */
    record PodRestarted(String nodeId, String podUid, String message, Instant at) implements Input {}

    /** {@code spec.shutdown} was set. */
    record ShutdownRequested(Shutdown strategy, Instant at) implements Input {}

    /** {@code spec.suspend} was set. */
    record SuspendRequested(Instant at) implements Input {}

    /** Suspend nodes that match are to succeed; without a selector {@code spec.suspend} was cleared as well. */
    record ResumeRequested(NodeFieldSelector selector, Instant at) implements Input {}

    /** Only {@code spec.suspend} was cleared (kubectl): scheduling goes on, suspend nodes stay. */
    record SuspendCleared(Instant at) implements Input {}

    /** Suspend nodes that match are to fail with the message: stop with a node selector. */
    record NodesStopped(NodeFieldSelector selector, String message, Instant at) implements Input {}

    /**
     * Argo's {@code node set} on suspend nodes.
     *
     * @param phase null leaves it
     * @param outputParameters values of {@code valueFrom.supplied} parameters
     */
    record NodesSet(
            NodeFieldSelector selector,
            @Nullable NodePhase phase,
            @Nullable String message,
            Map<String, String> outputParameters,
            Instant at)
            implements Input {
        public NodesSet {
            outputParameters = Map.copyOf(outputParameters);
        }
    }

    /**
     * A finished workflow is to be taken up again: failed nodes are reset, what succeeded stays. Of a workflow that still runs the nodes that
     * match the selector are run again, those that have ended; without a selector nothing is.
     *
     * @param restartSuccessful redo succeeded nodes that match the selector, too
     * @param parameters {@code name=value} overrides of workflow parameters
     */
    record RetryRequested(boolean restartSuccessful, NodeFieldSelector selector, List<String> parameters, Instant at)
            implements Input {
        public RetryRequested {
            parameters = List.copyOf(parameters);
        }
    }

    /** {@code spec.activeDeadlineSeconds}, {@code spec.parallelism} or another mutable field was changed. */
    record SpecChanged(
            @Nullable Long activeDeadlineSeconds, @Nullable Integer parallelism, Instant at) implements Input {}

    /**
     * A cache was asked about a memoized node.
     *
     * @param createdAt when the entry was made; null if there is none
     * @param outputs of the entry
     * @param failure why the cache can't be used; null if it can
     */
    record CacheLookedUp(
            String nodeId,
            String key,
            @Nullable Instant createdAt,
            @Nullable Outputs outputs,
            @Nullable String failure,
            Instant at)
            implements Input {}

    /** A cache keeps the node's outputs now, or can't: it is not to be asked again. */
    record CacheSaved(String nodeId, Instant at) implements Input {}

    /** A value of a metric could not be taken, for this reason. */
    record MetricRefused(String message, Instant at) implements Input {}

    /**
     * All locks that a node asked for are its own.
     *
     * @param node its sequence number; -1 for the workflow
     * @param ticket of the request that is answered
     */
    record LocksGranted(int node, int ticket, Instant at) implements Input {}

    /**
     * The locks are not to be had yet.
     *
     * @param lock the first that isn't
     * @param message for the status
     * @param holders who holds the wanted locks, by lock
     */
    record LocksDelayed(
            int node, int ticket, String lock, String message, Map<String, List<String>> holders, Instant at)
            implements Input {
        public LocksDelayed {
            holders = Map.copyOf(holders);
        }
    }

    /** The locks can't be had at all: a limit is missing or makes no sense. */
    record LocksRefused(int node, int ticket, String message, Instant at) implements Input {}

    /** What must be so before the workflow runs cannot be had (a template is missing, the spec is invalid): it ends. */
    record Rejected(WorkflowPhase phase, String message, Instant at) implements Input {}
}
