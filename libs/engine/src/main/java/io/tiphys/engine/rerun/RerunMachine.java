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
        Set<Node> removed = Redone.of(run, retry);
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
        for (Node node : Redone.reopened(removed)) {
            draft.add(new Event.NodeReopened(node.seq(), draft.at()));
        }
        draft.add(new Event.WorkflowReopened(validated(retry.parameters()), draft.at()));
        if (run.activeDeadlineSeconds() != null) {
            Instant deadline =
                    Deadlines.afterSeconds(draft.at().truncatedTo(ChronoUnit.SECONDS), run.activeDeadlineSeconds());
            draft.add(new Command.StartTimer(TimerKey.DEADLINE, deadline));
        }
    }

    private static List<String> validated(List<String> parameters) {
        return parameters.stream()
                .filter(parameter -> parameter.indexOf('=') > 0)
                .toList();
    }
}
