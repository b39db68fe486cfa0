package io.tiphys.testkit.simulator;

import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.launch.Boundaries;

/** A workflow ends once, with all of its nodes ended; after that nothing begins unless it is retried. */
final class EndIsTheEnd implements Invariant {
    private boolean ended;

    @Override
    public void after(Step step) {
        for (Event event : step.transition().events()) {
            switch (event) {
                case Event.WorkflowPhaseChanged(var phase, var _, var _) -> {
                    if (ended) {
                        throw new AssertionError(
                                "the workflow had ended when it became " + phase + " by " + step.input());
                    }
                    ended = phase.isFulfilled();
                }
                case Event.WorkflowReopened _ -> ended = false;
                case Event.NodeAdded added
                when ended ->
                    throw new AssertionError("node " + step.run().at(added.node()) + " began after the workflow's end");
                default -> {}
            }
        }
    }

    /** Argo: a step group whose steps node failed fast stays as it was. */
    private static boolean isLeftBehind(Node node) {
        Node steps = node.parent();
        return node.type() == NodeType.STEP_GROUP
                && steps != null
                && steps.isFinal()
                && Boundaries.FAILED_FAST.equals(steps.message());
    }

    @Override
    public void atTheEnd(Run run) {
        for (Node node : run.nodes()) {
            if (!node.isFinal() && !isLeftBehind(node)) {
                throw new AssertionError("the workflow is " + run.phase() + " but node " + node + " hasn't ended");
            }
        }
        if (run.phase() == WorkflowPhase.SUCCEEDED
                && run.entry() != null
                && run.entry().phase().isFailedOrError()) {
            throw new AssertionError("the workflow succeeded though its entry is " + run.entry());
        }
    }
}
