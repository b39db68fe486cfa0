package io.tiphys.engine;

import io.tiphys.api.Outputs;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowPhase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An intention of the engine. Doing it twice is doing it once, and {@link Run#pendingCommands()} finds what got lost.
 */
public sealed interface Command {

    /**
     * There must be a pod for the node.
     *
     * @param nodeId id of the node, annotation of the pod
     * @param nodeName full name of the node
     * @param podName name of the pod, a function of workflow, template and node name
     * @param template the template with its arguments and every variable filled in; {@code inputs} hold the values and
     *     the artifacts' locations
     * @param boundaryTemplate the enclosing steps or dag template, whose scheduling constraints hold where the
     *     template has none
     * @param deadline when the pod must have ended: the earliest of workflow deadline, template timeout and retry's
     *     maxDuration
     * @param activeDeadlineSeconds {@code template.activeDeadlineSeconds}, counted by the kubelet from the pod's start
     * @param hostsToAvoid hosts of failed attempts when {@code retryStrategy.affinity.nodeAntiAffinity} is set
     * @param includeResult somebody reads {@code outputs.result}, so stdout must be captured
     * @param movesData something must be staged or saved; false allows a lean pod as far as the engine can see (log
     *     archiving is the controller's to know)
     * @param onExit belongs to an exit handler: exempt from the workflow's deadline and from Stop
     */
    record EnsurePod(
            String nodeId,
            String nodeName,
            String podName,
            Template template,
            @Nullable Template boundaryTemplate,
            @Nullable Instant deadline,
            @Nullable Long activeDeadlineSeconds,
            List<String> hostsToAvoid,
            boolean includeResult,
            boolean movesData,
            boolean onExit)
            implements Command {
        public EnsurePod {
            hostsToAvoid = List.copyOf(hostsToAvoid);
        }
    }

    /** Why a pod is to end, in the words that the user sees. */
    record EndPod(String nodeId, String podName, How how, String reason) implements Command {
        /** Deleting forgets the pod; terminating lets main end by signal, so that outputs and logs are still saved. */
        public enum How {
            TERMINATE,
            DELETE
        }
    }

    /**
     * The workflow's agent must carry out the node's task, an HTTP request or a plugin's template.
     *
     * @param template the template with its arguments and every variable filled in
     */
    record RunTask(String nodeId, Template template) implements Command {}

    /** The node's task has ended, or nobody waits for it any more. */
    record DropTask(String nodeId) implements Command {}

    /** A {@link Input.TimerFired} with this key at that time; starting a key again replaces its time. */
    record StartTimer(String key, Instant at) implements Command {}

    record CancelTimer(String key) implements Command {}

    /** The node waits to hear what the cache has; the answer is {@link Input.CacheLookedUp}. */
    record LookUpCache(String nodeId, String cacheName, String key) implements Command {}

    /** The cache is to keep the outputs of a node that succeeded; {@link Input.CacheSaved} ends the matter. */
    record SaveCache(
            String nodeId,
            String cacheName,
            String key,
            @Nullable Outputs outputs) implements Command {}

    /** A metric that a workflow or template defines has this value now. Of all commands the only one that is not repeated. */
    record RecordMetric(MetricSample sample) implements Command {}

    /**
     * These locks are wanted, all or none; the answer is {@link Input.LocksGranted}, {@link Input.LocksDelayed} or
     * {@link Input.LocksRefused}.
     *
     * @param node sequence number of the node; -1 for the workflow
     * @param nodeId id of the node; empty for the workflow
     * @param ticket tells this request from earlier ones of the same holder
     * @param held they were granted already; somebody may have to be told again
     */
    record AcquireLocks(int node, String nodeId, int ticket, List<LockRequest> requests, boolean held)
            implements Command {
        public AcquireLocks {
            requests = List.copyOf(requests);
        }
    }

    /** The request with this ticket is over, whether it was granted or not. */
    record ReleaseLocks(int node, int ticket) implements Command {}

    /** The workflow reached its end: the status must be written and the rest of its life (GC, TTL, archive) begins. */
    record CompleteWorkflow(WorkflowPhase phase, @Nullable String message) implements Command {}
}
