package io.tiphys.engine.dag;

import io.tiphys.api.NodePhase;
import io.tiphys.engine.DagState;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.DagPlan;
import io.tiphys.engine.definition.Unit;

/**
 * The phase of a dag whose tasks are done. Each branch has the phase of its last task that really ended; a skipped or
 * omitted one inherits from those before it, failures first. Only the targets' branches count, so a failure that a later
 * task made good isn't one.
 */
final class DagPhase {
    private DagPhase() {}

    static NodePhase of(Node dag, DagPlan plan, DagState state) {
        NodePhase[] branches = new NodePhase[plan.tasks().size()];
        for (int task : plan.order()) {
            if (state.isNeeded(task)) {
                branches[task] = branch(dag.unitNode(task), plan.dependencies(task), branches);
            }
        }
        NodePhase result = NodePhase.SUCCEEDED;
        for (int target : state.targets()) {
            NodePhase phase = branches[target];
            Unit unit = plan.tasks().get(target);
            boolean goesOn = (phase == NodePhase.FAILED && unit.continueOnFailed())
                    || (phase == NodePhase.ERROR && unit.continueOnError());
            if (phase.isFailedOrError() && !goesOn) {
                result = phase;
                if (plan.failFast()) {
                    break;
                }
            }
        }
        return result;
    }

    private static NodePhase branch(
            @org.jspecify.annotations.Nullable Node node, int[] dependencies, NodePhase[] branches) {
        if (node != null && (node.phase() == NodePhase.SUCCEEDED || node.phase().isFailedOrError())) {
            return node.phase();
        }
        for (int dependency : dependencies) {
            if (branches[dependency].isFailedOrError()) {
                return branches[dependency];
            }
        }
        return NodePhase.SUCCEEDED;
    }
}
