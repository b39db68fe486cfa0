package io.tiphys.engine;

import io.tiphys.api.NodeType;
import org.jspecify.annotations.Nullable;

/** Applies facts about who waits for one of the slots that parallelism leaves, of the workflow or of a boundary. */
final class SlotEvolution {
    private SlotEvolution() {}

    /** The node, or under the number -1 the workflow, is looked at: it neither is on the work list nor waits any more. */
    static void attended(Run run, int seq) {
        if (seq < 0) {
            run.selfQueued = false;
            return;
        }
        Node node = run.get(seq);
        node.woken = node.woken && node.queued;
        run.work.take(node);
        if (node.woken) {
            wakeIfRoom(boundaryOf(node)); // it may not need the slot; whoever comes too early keeps its place
        }
    }

    /** A decision counts what it means to begin; what then doesn't begin at once leaves the slot to whoever waits. */
    static void block(Node node) {
        Node boundary = boundaryOf(node);
        Family family = boundary.makeFamily();
        Long limit = boundary.template == null ? null : boundary.template.parallelism();
        if (limit == null || family.active < limit) {
            node.run.enqueue(node);
        } else if (node.woken) {
            family.blocked.addFirst(node);
        } else {
            family.blocked.add(node);
        }
        node.woken = false;
    }

    /** A slot of the boundary may have come free. */
    static void wakeBlocked(@Nullable Node boundary) {
        if (boundary != null && boundary.family != null && !boundary.family.blocked.isEmpty()) {
            Node first = boundary.family.blocked.removeFirst();
            first.woken = true;
            boundary.run.enqueue(first);
        }
    }

    private static void wakeIfRoom(Node boundary) {
        Family family = boundary.family;
        Long limit = boundary.template == null ? null : boundary.template.parallelism();
        if (family != null && limit != null && family.active < limit) {
            wakeBlocked(boundary);
        }
    }

    private static Node boundaryOf(Node node) {
        if (node.type == NodeType.DAG || node.type == NodeType.STEPS) {
            return node;
        }
        if (node.boundary == null) {
            throw new IllegalStateException(node + " has no boundary to wait for");
        }
        return node.boundary;
    }
}
