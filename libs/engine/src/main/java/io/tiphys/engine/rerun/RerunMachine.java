package io.tiphys.engine.rerun;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Run;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.command.Selection;
import io.tiphys.engine.task.TaskMachine;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code argo retry}: failed nodes go, and with them all that came after them, exit handlers included; the groups around
 * them run again. With {@code restartSuccessful}, matching nodes that succeeded count as failed.
 */
public final class RerunMachine {
    private RerunMachine() {}

    public static void retry(Draft draft, Input.RetryRequested retry) {
        Run run = draft.run();
        boolean failed = run.phase() == WorkflowPhase.FAILED || run.phase() == WorkflowPhase.ERROR;
        if (!failed && !(retry.restartSuccessful() && run.phase() == WorkflowPhase.SUCCEEDED)) {
            return;
        }
        Set<Node> removed = removed(run, retry);
        Set<Node> reopened = new LinkedHashSet<>();
        for (Node node : removed) {
            for (Node up = node.parent(); up != null && !removed.contains(up); up = up.parent()) {
                reopened.add(up);
            }
        }
        for (Node node : removed) {
            if (node.type() == NodeType.POD) {
                draft.add(new Command.EndPod(
                        node.id(), node.podName(), Command.EndPod.How.DELETE, "the workflow is retried"));
            }
            if (TaskMachine.isTask(node)) {
                draft.add(new Command.DropTask(node.id()));
            }
            draft.add(new Event.NodeRemoved(node.seq()));
        }
        for (Node node : reopened) {
            draft.add(new Event.NodeReopened(node.seq(), draft.at()));
        }
        draft.add(new Event.WorkflowReopened(validated(retry.parameters()), draft.at()));
        if (run.activeDeadlineSeconds() != null) {
            Instant deadline = Instant.ofEpochSecond(draft.at().getEpochSecond() + run.activeDeadlineSeconds());
            draft.add(new Command.StartTimer(TimerKey.DEADLINE, deadline));
        }
    }

    private static List<String> validated(List<String> parameters) {
        return parameters.stream()
                .filter(parameter -> parameter.indexOf('=') > 0)
                .toList();
    }

    private static Set<Node> removed(Run run, Input.RetryRequested retry) {
        Deque<Node> open = new ArrayDeque<>();
        for (Node node : run.nodes()) {
            boolean redo = retry.restartSuccessful()
                    && !retry.selector().fields().isEmpty()
                    && node.phase() == NodePhase.SUCCEEDED
                    && Selection.matches(retry.selector(), node);
            boolean composite = isComposite(node.type());
            boolean failedLeaf = node.phase().isFailedOrError()
                    && (!composite || node.members().isEmpty());
            boolean ofExit = node.isOnExit() || node.origin().kind() == Origin.Kind.EXIT_HOOK;
            if (failedLeaf || redo || ofExit) {
                open.add(node);
            }
        }
        Set<Node> removed = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            Node node = open.remove();
            if (!removed.add(node)) {
                continue;
            }
            // an attempt goes with all of its siblings: the retries start over
            Node parent = node.parent();
            boolean ofEntry = parent != null && parent.equals(run.entry());
            if (node.isAttempt() && parent != null && !ofEntry) {
                open.add(parent);
            }
            open.addAll(node.children());
            for (Node other : run.nodes()) {
                if (node.equals(other.parent()) || node.equals(other.boundary())) {
                    open.add(other);
                }
            }
        }
        return removed;
    }

    private static boolean isComposite(NodeType type) {
        return switch (type) {
            case STEPS, STEP_GROUP, DAG, TASK_GROUP, RETRY -> true;
            default -> false;
        };
    }
}
