package io.tiphys.controller.shard;

import io.tiphys.engine.Node;
import io.tiphys.messages.TaskResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose report about a node counts: that of its pod of today. A pod of the same name that was there before a retry may report late, and
 * a fast pod may report before the watch has shown it; so a report of a pod that wasn't seen yet waits until it is, or until the node is
 * done. For the shard's own thread.
 */
final class Reports {
    /** Reports of one node that wait; of more the oldest are of no use. */
    private static final int MOST_WAITING = 8;

    private record Waiting(TaskResult result, Runnable processed) {}

    private final Map<String, String> pods = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();
    private final Map<String, Deque<Waiting>> waiting = new HashMap<>();

    /**
     * Whether a report counts now.
     *
     * @param node null if the run doesn't have it (yet)
     */
    boolean counts(TaskResult result, @Nullable Node node) {
        if (result.podUid() == null || node == null || (node.isFinal() && !replaced.contains(result.nodeId()))) {
            return true;
        }
        String pod = pods.get(result.nodeId());
        // without a pod of this life it may be one of an earlier one that has gone meanwhile
        return pod == null ? node.isPodSeen() && !replaced.contains(result.nodeId()) : pod.equals(result.podUid());
    }

    /** Keeps a report that doesn't count yet; its offset stays uncommitted for that long. */
    void park(TaskResult result, Runnable processed) {
        Deque<Waiting> ofNode = waiting.computeIfAbsent(result.nodeId(), _ -> new ArrayDeque<>());
        ofNode.add(new Waiting(result, processed));
        if (ofNode.size() > MOST_WAITING) {
            ofNode.remove().processed().run();
        }
    }

    /** The node's pod is this one now; returns the reports of it that waited. */
    List<TaskResult> seen(String nodeId, String podUid, Batch batch) {
        pods.put(nodeId, podUid);
        Deque<Waiting> ofNode = waiting.get(nodeId);
        if (ofNode == null) {
            return List.of();
        }
        List<TaskResult> its = new ArrayList<>();
        for (Iterator<Waiting> each = ofNode.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            if (podUid.equals(next.result().podUid())) {
                its.add(next.result());
                batch.processed(next.processed());
                each.remove();
            }
        }
        return its;
    }

    /** The node gets another pod under the same name. */
    void replaced(String nodeId) {
        pods.remove(nodeId);
        replaced.add(nodeId);
    }

    /** The node is done: nobody waits for reports of other pods any more. */
    void done(String nodeId) {
        if (!replaced.contains(nodeId)) {
            pods.remove(nodeId);
        }
        Deque<Waiting> ofNode = waiting.remove(nodeId);
        if (ofNode != null) {
            ofNode.forEach(report -> report.processed().run());
        }
    }

    /** The workflow is gone. */
    void clear() {
        List.copyOf(waiting.keySet()).forEach(this::done);
    }
}
