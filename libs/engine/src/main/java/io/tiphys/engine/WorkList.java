package io.tiphys.engine;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** Nodes that somebody has to look at because of what happened, and nodes that wait for one of the workflow's slots. */
final class WorkList {
    private final ArrayDeque<Node> agenda = new ArrayDeque<>();
    private final LinkedHashSet<Node> waiting = new LinkedHashSet<>();

    void add(Node node) {
        if (!node.queued) {
            node.queued = true;
            agenda.add(node);
        }
    }

    /** The node waits for one of the workflow's slots. */
    void await(Node node) {
        waiting.add(node);
    }

    void awaitNoMore(Node node) {
        waiting.remove(node);
    }

    /** The node is looked at: neither is it on the list nor does it wait any more. */
    void take(Node node) {
        if (node.queued) {
            node.queued = false;
            if (agenda.peek() == node) {
                agenda.remove();
            } else {
                agenda.remove(node);
            }
        }
        waiting.remove(node);
    }

    /** What to look at next: something on the list, else somebody who waits for a slot if one is free. */
    @Nullable
    Node head(boolean isSlotFree) {
        Node head = agenda.peek();
        return head != null || waiting.isEmpty() || !isSlotFree ? head : waiting.getFirst();
    }

    /** Puts those on the list who wait for one of the workflow's slots to work below a boundary, or for the boundary itself. */
    void stopWaiting(Node boundary) {
        for (Node node : waiting) {
            if (node.equals(boundary) || boundary.equals(node.boundary)) {
                add(node);
            }
        }
    }

    /** Forgets all of it; marks of the nodes stay. */
    void clear() {
        agenda.clear();
        waiting.clear();
    }
}
