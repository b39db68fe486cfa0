package io.tiphys.engine.launch;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.RetryStrategy;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.retry.RetryMachine;
import io.tiphys.engine.suspend.SuspendMachine;
import org.jspecify.annotations.Nullable;

/**
 * Nodes whose template couldn't be carried out: not what ran in them failed, but what was to make them run. In Argo such an error is
 * handed to whoever called the template, and is told there: a step group is in error itself, a task says that it was one.
 */
public final class Faults {
    /** What a node says that had to wait longer than its template allows. */
    public static final String TIMEOUT = "timeout";

    private Faults() {}

    /** Whether the node is in error for what its template is, and not for what came of it. */
    public static boolean isFault(Node node) {
        if (node.phase() != NodePhase.ERROR) {
            return false;
        }
        String message = node.message();
        return switch (node.type()) {
            case SKIPPED -> true;
            case STEPS, DAG -> message != null;
            case POD -> !node.isPodSeen() && node.endedPhase() == null;
            case SUSPEND -> message != null && message.contains(SuspendMachine.UNSET);
            case RETRY -> isOfAttempt(node) || RetryMachine.isBroken(node);
            case HTTP, PLUGIN, CONTAINER, STEP_GROUP, TASK_GROUP, UNKNOWN -> false;
        };
    }

    /** Whether the node used up its template's time before it began to run. Argo hands that to its caller, too. */
    public static boolean isTimeout(Node node) {
        return node.phase() == NodePhase.FAILED
                && TIMEOUT.equals(node.message())
                && switch (node.type()) {
                    case POD, HTTP, PLUGIN -> true;
                    case SUSPEND, STEPS, DAG, RETRY, STEP_GROUP, TASK_GROUP, CONTAINER, SKIPPED, UNKNOWN -> false;
                };
    }

    /** Argo: what may not be repeated is handed on. */
    public static boolean isOfAttempt(Node retry) {
        Node last = retry.family() == null ? null : retry.family().lastAttempt();
        RetryStrategy strategy = RetryMachine.strategyOf(retry);
        String policy = strategy == null ? null : strategy.retryPolicy();
        boolean repeats = "Always".equals(policy)
                || "OnError".equals(policy)
                || "OnTransientError".equals(policy)
                || (policy == null && strategy != null && strategy.expression() != null);
        return last != null && !repeats && isFault(last);
    }

    /** What the node says of its own fault: a task's names the task. */
    public static String told(Node node, String message) {
        boolean isUnit =
                node.origin().kind() == Origin.Kind.TASK || node.origin().kind() == Origin.Kind.ITEM;
        return isUnit ? told(node.boundary(), node.name(), message) : message;
    }

    static String told(@Nullable Node boundary, String name, String message) {
        return boundary != null && boundary.type() == NodeType.DAG
                ? "task '" + name + "' errored: " + message
                : message;
    }

    /** What a step group says of its child's fault. */
    public static String ofChild(Node child, String message) {
        return "step group deemed errored due to child " + child.name() + " error: " + message;
    }
}
