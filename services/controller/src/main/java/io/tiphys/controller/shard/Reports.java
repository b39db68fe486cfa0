package io.tiphys.controller.shard;

import io.tiphys.engine.Node;
import io.tiphys.messages.TaskResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose report about a node counts: that of its pod of today, which the node's record names. A pod of the same name that was there before a
 * retry may report late, and a fast pod may report before the watch has shown it; so a report of a pod that wasn't seen yet waits until it
 * is, or until the node is done. For the shard's own thread.
 */
final class Reports {
    /** Reports of one node that wait; of more the oldest are of no use. */
    private static final int MOST_WAITING = 8;

    private record Waiting(TaskResult result, Runnable processed) {}

    private final Map<String, Deque<Waiting>> waiting = new HashMap<>();

    /**
     * Whether a report counts now.
     *
     * @param node null if the run doesn't have it (yet)
     */
    boolean counts(TaskResult result, @Nullable Node node) {
        if (result.podUid() == null || node == null) {
            return true;
        }
        String pod = node.podUid();
        return pod == null
                ? node.isPodSeen() // adopted, or journaled by a version that didn't keep the uid
                : pod.equals(result.podUid());
    }

    /** Keeps a report that doesn't count yet; its offset stays uncommitted for that long. */
    void park(TaskResult result, Runnable processed) {
        Deque<Waiting> ofNode = waiting.computeIfAbsent(result.nodeId(), _ -> new ArrayDeque<>());
        ofNode.add(new Waiting(result, processed));
        if (ofNode.size() > MOST_WAITING) {
            ofNode.remove().processed().run();
        }
    }

    /** A pod of the node was seen; returns the reports of it that waited. */
    List<TaskResult> seen(Node node, Batch batch) {
        Deque<Waiting> ofNode = waiting.get(node.id());
        if (ofNode == null) {
            return List.of();
        }
        List<TaskResult> its = new ArrayList<>();
        for (Iterator<Waiting> each = ofNode.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            if (counts(next.result(), node)) {
                its.add(next.result());
                batch.processed(next.processed());
                each.remove();
            }
        }
        return its;
    }

    /** The node is done, or taken out of the run: nobody waits for reports about it any more. */
    void done(String nodeId) {
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
