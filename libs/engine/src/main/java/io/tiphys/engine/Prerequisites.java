package io.tiphys.engine;

import io.tiphys.api.NodeType;

/** What nodes have to have before they go on. Attempts have it with their retry node. */
final class Prerequisites {
    private Prerequisites() {}

    /** Whether it must not begin before its cache has answered. */
    static boolean awaitsCache(Node node) {
        return isCalled(node.type)
                && node.template != null
                && node.template.memoize() != null
                && !node.isAttempt()
                && !node.phase.isFulfilled()
                && (node.memo == null || node.memo.state() == Memo.State.ASKED);
    }

    /** Whether it needs locks that it doesn't hold: it must not go on. */
    static boolean lacksLocks(Node node) {
        return node.template != null
                && node.template.synchronization() != null
                && !node.isAttempt()
                && !node.phase.isFulfilled()
                && isCalled(node.type)
                && (node.lock == null || node.lock.lacking());
    }

    /** Whether it is what somebody called, and no part of it or what stands for several. */
    private static boolean isCalled(NodeType type) {
        return switch (type) {
            case POD, STEPS, DAG, SUSPEND, RETRY, HTTP, PLUGIN -> true;
            case STEP_GROUP, TASK_GROUP, SKIPPED, CONTAINER, UNKNOWN -> false;
        };
    }
}
