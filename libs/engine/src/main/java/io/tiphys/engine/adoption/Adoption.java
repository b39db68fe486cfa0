package io.tiphys.engine.adoption;

import io.tiphys.api.Condition;
import io.tiphys.api.MemoizationStatus;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.engine.Memo;
import io.tiphys.engine.NodeRecord;
import io.tiphys.engine.Run;
import io.tiphys.engine.RunRecord;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a status as if it were a journal. What a status doesn't say is derived: the order of nodes from the spec, open
 * groups look for children that they lack, backoffs and timers begin anew from the times of the nodes.
 */
public final class Adoption {
    private final WorkflowDefinition definition;
    private final WorkflowStatus status;
    private final HeldLocks locks;

    private Adoption(WorkflowDefinition definition, WorkflowStatus status) {
        this.definition = definition;
        this.status = status;
        this.locks = new HeldLocks(status.synchronization());
    }

    /** A run that stands where the status says; costs O(nodes), once. */
    public static Run adopt(WorkflowDefinition definition, WorkflowStatus status) {
        return new Adoption(definition, status).run();
    }

    private Run run() {
        StatusTree tree = new StatusTree(
                definition, Run.create(definition).scope(), status.nodes().values());
        List<NodeRecord> records = new ArrayList<>();
        for (Place place : tree.inOrder()) {
            records.add(record(place));
        }
        return Run.restore(definition, runRecord(records.size()), records);
    }

    private RunRecord runRecord(int nodes) {
        boolean unnamed = status.phase() == WorkflowPhase.UNKNOWN && nodes > 0;
        Outputs outputs = status.outputs();
        return new RunRecord(
                unnamed ? WorkflowPhase.RUNNING : status.phase(),
                status.message(),
                millis(status.startedAt()),
                millis(status.finishedAt()),
                null,
                Boolean.TRUE.equals(definition.spec().suspend()),
                false,
                outputs == null ? Outputs.NONE : outputs,
                List.of(),
                definition.spec().activeDeadlineSeconds(),
                definition.spec().parallelism(),
                nodes,
                status.conditions().stream()
                        .filter(condition -> "MetricsError".equals(condition.type()))
                        .map(Condition::message)
                        .findFirst()
                        .orElse(null),
                locks.of(definition.namespace() + "/" + definition.name()));
    }

    private NodeRecord record(Place place) {
        NodeStatus node = place.status;
        Boolean synced = status.taskResultsCompletionStatus().get(node.id());
        long startedAt = millis(node.startedAt() == null ? status.startedAt() : node.startedAt());
        int[] progress = progress(node);
        return new NodeRecord(
                place.seq,
                node.id(),
                node.name(),
                place.parent == null ? -1 : place.parent.seq,
                place.boundary == null ? -1 : place.boundary.seq,
                place.origin,
                node.type(),
                node.phase() == NodePhase.UNKNOWN ? NodePhase.PENDING : node.phase(),
                place.template == null ? null : place.template.key(),
                node.message(),
                startedAt,
                place.isFinal() && node.finishedAt() == null ? startedAt : millis(node.finishedAt()),
                node.inputs(),
                node.outputs(),
                node.hostNodeName(),
                node.podIP(),
                progress[0],
                progress[1],
                synced == null ? node.taskResultSynced() : synced,
                place.isDaemoned(),
                place.onExit,
                place.isSettled(),
                !place.isOpenGroup() && isGroup(node.type()),
                place.isOpenGroup(),
                hadPod(node),
                false,
                null,
                null,
                0,
                0,
                memo(node),
                node.type() == NodeType.POD ? node.resourcesDuration() : Map.of(),
                locks.of(definition.namespace() + "/" + definition.name() + "/" + node.id()),
                node.failedPodRestarts(),
                node.restartingPodUID(),
                null,
                null);
    }

    /** Whether its pod was there: an error afterwards is none of the template's. */
    private static boolean hadPod(NodeStatus node) {
        boolean ran = node.hostNodeName() != null
                || (node.outputs() != null && node.outputs().exitCode() != null);
        return node.type() == NodeType.POD
                && (node.phase() == NodePhase.RUNNING || (ran && node.phase().isFulfilled()));
    }

    /** What had begun before is past its cache; what succeeded was saved by whoever ran it. */
    private static @Nullable Memo memo(NodeStatus node) {
        MemoizationStatus memo = node.memoizationStatus();
        boolean isAttempt = node.nodeFlag() != null && node.nodeFlag().retried() && node.type() != NodeType.RETRY;
        if (memo == null || isAttempt) {
            return null;
        }
        Memo.State state = memo.hit()
                ? Memo.State.HIT
                : node.phase() == NodePhase.SUCCEEDED ? Memo.State.SAVED : Memo.State.MISSED;
        return new Memo(state, memo.cacheName(), memo.key());
    }

    private static boolean isGroup(NodeType type) {
        return type == NodeType.STEP_GROUP || type == NodeType.TASK_GROUP;
    }

    /** Done and total of a leaf; sums of others are made anew. */
    private static int[] progress(NodeStatus node) {
        boolean leaf = switch (node.type()) {
            case POD, CONTAINER, SUSPEND, HTTP, PLUGIN -> true;
            case UNKNOWN, STEPS, STEP_GROUP, DAG, TASK_GROUP, RETRY, SKIPPED -> false;
        };
        if (!leaf) {
            return new int[] {0, 0};
        }
        String text = node.progress();
        if (text != null && text.matches("[0-9]{1,9}/[0-9]{1,9}")) {
            int slash = text.indexOf('/');
            return new int[] {Integer.parseInt(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1))};
        }
        return new int[] {node.phase() == NodePhase.SUCCEEDED ? 1 : 0, 1};
    }

    private static long millis(@Nullable Instant time) {
        return time == null ? 0 : time.toEpochMilli();
    }
}
