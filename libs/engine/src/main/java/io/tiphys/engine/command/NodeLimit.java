package io.tiphys.engine.command;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.workflow.WorkflowMachine;
import java.util.Set;

/** The end of a workflow that would grow beyond {@link io.tiphys.engine.Limits}: at once, with all that is open, without exit handlers. */
public final class NodeLimit {
    private NodeLimit() {}

    public static void exceeded(Draft draft) {
        end(
                draft,
                WorkflowPhase.ERROR,
                draft.run().definition().settings().limits().tooManyNodes());
    }

    /** The same end for another reason. */
    static void end(Draft draft, WorkflowPhase phase, String message) {
        Run run = draft.run();
        InputRouter.endRunning(draft, message, message, true);
        Set<Integer> ended = draft.ended();
        for (Node node : run.nodes()) {
            if (!node.isFinal() && !ended.contains(node.seq())) {
                if (node.isDaemoned()) {
                    draft.add(new Event.NodeDaemoned(node.seq(), false));
                }
                draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.ERROR, message, draft.at()));
            }
        }
        WorkflowMachine.complete(draft, phase, message);
    }
}
