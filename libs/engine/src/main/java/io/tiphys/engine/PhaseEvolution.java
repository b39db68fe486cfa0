package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import org.jspecify.annotations.Nullable;

/** Applies facts about how far a node is: its phases, its end, and what comes after it. Whoever waits for it goes on the work list. */
final class PhaseEvolution {
    private PhaseEvolution() {}

    static void move(Node node, NodePhase phase, @Nullable String message, long at) {
        Run run = node.run;
        run.touch(node);
        boolean wasFinal = node.phase.isFulfilled();
        boolean hadSlot = Families.takesPodSlot(node);
        node.phase = phase;
        node.message = message;
        if (!phase.isFulfilled()) {
            if (Families.needsHooks(node)) {
                run.enqueue(node);
            }
            if (node == run.entry) {
                run.selfQueued = true;
            }
        } else if (!wasFinal) {
            node.finishedAt = at;
            node.endedPhase = null;
            node.endedMessage = null;
            Families.countActive(node, -1);
            run.activePods -= hadSlot ? 1 : 0;
            run.work.awaitNoMore(node);
            if (node.boundary != null && node.boundary.family != null) {
                node.boundary.family.blocked.remove(node);
            }
            SlotEvolution.wakeBlocked(node.boundary);
            finished(node);
        }
    }

    /** Tells whoever waits for the node that it is final. */
    static void finished(Node node) {
        Run run = node.run;
        Totals.finishProgress(node);
        Node parent = node.parent;
        switch (node.origin.kind()) {
            case ENTRY -> run.selfQueued = true;
            case STEP, TASK, ITEM -> {
                boolean needsHooks = Families.needsHooks(node);
                if (needsHooks) {
                    run.enqueue(node);
                }
                if (node.settled) {
                    failedLate(node);
                } else if (!needsHooks) {
                    settle(node);
                }
            }
            case STEP_GROUP, ATTEMPT -> {
                if (parent != null) {
                    run.enqueue(parent);
                }
            }
            case HOOK, EXIT_HOOK -> {
                if (parent != null) {
                    parent.makeFamily().openHooks--;
                    if (node.boundary == null && parent == run.entry) {
                        run.selfQueued = true;
                    } else {
                        run.enqueue(parent);
                    }
                }
            }
            case CONTAINER -> {}
        }
        if (node.boundary == null && parent != null && parent == run.entry) {
            run.selfQueued = true;
        }
    }

    static void daemoned(Node node, boolean daemoned) {
        if (node.daemoned != daemoned && node.boundary != null) {
            if (daemoned) {
                node.boundary.makeFamily().addDaemon(node);
            } else {
                node.boundary.makeFamily().removeDaemon(node);
            }
        }
        if (node.daemoned != daemoned && node.isHook() && node.parent != null) {
            node.parent.makeFamily().openHooks += daemoned ? -1 : 1; // a daemon that is ready is all that a hook can be
        }
        node.daemoned = daemoned;
        if (daemoned) {
            if (node.isAttempt() && node.parent != null) {
                node.run.enqueue(node.parent);
            } else if (Families.needsHooks(node)) {
                node.run.enqueue(node);
            } else {
                settle(node);
            }
            if (node.isHook() && node.parent != null) {
                node.run.enqueue(node.parent);
            }
            node.run.selfQueued |= node.boundary == null;
        }
    }

    static void settle(Node node) {
        Node parent = node.parent;
        if (node.settled) {
            return;
        }
        node.settled = true;
        if (parent == null || !Families.isUnit(node)) {
            return;
        }
        Families.countSettled(node);
        Family family = parent.makeFamily();
        if (family.open == 0 || hasReadyTasks(family)) {
            node.run.enqueue(parent);
        }
    }

    /** A daemon that counted as done has failed: who counted on it and hasn't begun never will. */
    private static void failedLate(Node node) {
        Node parent = node.parent;
        if (parent == null) {
            return;
        }
        Family family = parent.makeFamily();
        Families.countFailed(node, family);
        if (hasReadyTasks(family)) {
            node.run.enqueue(parent);
        }
    }

    private static boolean hasReadyTasks(Family family) {
        return family.dag != null && family.dag.hasReady();
    }

    static void reopen(Node node, long at) {
        node.settled = false;
        if (Families.isExecutable(node.type) || node.type == NodeType.SKIPPED) {
            return; // it did its work, or never will; only its hooks run again
        }
        if (!node.phase.isFulfilled()) {
            node.childrenComplete = false;
            node.reopened = true;
            return; // it is open and goes on, with its locks and since it began
        }
        node.phase = NodePhase.RUNNING;
        node.message = null;
        node.startedAt = at;
        node.finishedAt = 0;
        node.outputs = null;
        node.childrenComplete = false;
        node.reopened = true;
        node.backoffUntil = 0;
        node.podEndRequested = false;
        node.memo = Memo.reopened(node.memo);
        node.lock = LockEvolution.lapsed(node.lock);
    }
}
