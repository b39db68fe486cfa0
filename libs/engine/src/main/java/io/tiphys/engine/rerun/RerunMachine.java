package io.tiphys.engine.rerun;

import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Deadlines;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.task.TaskMachine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * {@code argo retry}: failed nodes go, and with them all that came after them, exit handlers included; the groups around
 * them run again. With {@code restartSuccessful}, nodes that match the selector count
 * as failed. {@link Redone} has the rules.
 */
public final class RerunMachine {
    private RerunMachine() {}

    public static void retry(Draft draft, Input.RetryRequested retry) {
        Run run = draft.run();
        boolean failed = run.phase() == WorkflowPhase.FAILED || run.phase() == WorkflowPhase.ERROR;
        boolean again = retry.restartSuccessful() && !retry.selector().isEmpty();
        if (!failed && !(again && run.phase() == WorkflowPhase.SUCCEEDED)) {
            return;
        }
        reset(draft, Redone.of(run, retry));
        draft.add(new Event.WorkflowReopened(validated(retry.parameters()), draft.at()));
        if (run.activeDeadlineSeconds() != null) {
            Instant deadline =
                    Deadlines.afterSeconds(draft.at().truncatedTo(ChronoUnit.SECONDS), run.activeDeadlineSeconds());
            draft.add(new Command.StartTimer(TimerKey.DEADLINE, deadline));
        }
    }

    /**
     * Runs chosen nodes of a workflow that still runs once more, with all that came after them: those that match the selector and failed,
     * with {@code restartSuccessful} those that succeeded, too. What runs itself is left alone unless it came after one of them. Nothing
     * happens where the workflow is about to end: being stopped, or past its deadline.
     */
    public static void redo(Draft draft, Input.RetryRequested retry) {
        Run run = draft.run();
        if (retry.selector().isEmpty() || run.shutdown() != null || run.isDeadlinePassed()) {
            return;
        }
        Set<Node> removed = Redone.ofRunning(run, retry);
        if (!removed.isEmpty()) {
            reset(draft, removed);
            draft.add(new Event.NodesTakenOut());
        }
    }

    private static void reset(Draft draft, Set<Node> removed) {
        for (Node node : removed) {
            if (!node.isFinal()) {
                for (String timer : List.of(
                        TimerKey.retry(node),
                        TimerKey.suspend(node),
                        TimerKey.timeout(node),
                        TimerKey.pendingTimeout(node),
                        TimerKey.result(node))) {
                    draft.add(new Command.CancelTimer(timer));
                }
            }
            if (node.type() == NodeType.POD) {
                draft.add(new Command.EndPod(
                        node.id(), node.podName(), Command.EndPod.How.DELETE, "the workflow is retried"));
            }
            if (TaskMachine.isTask(node)) {
                draft.add(new Command.DropTask(node.id()));
            }
            draft.add(new Event.NodeRemoved(node.seq()));
        }
        for (Node node : Redone.reopened(removed)) {
            draft.add(new Event.NodeReopened(node.seq(), draft.at()));
        }
    }

    private static List<String> validated(List<String> parameters) {
        return parameters.stream()
                .filter(parameter -> parameter.indexOf('=') > 0)
                .toList();
    }
}
