package io.tiphys.engine.dag;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.DagState;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.DagPlan;
import io.tiphys.engine.definition.Unit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The phase of a dag whose tasks are done. Each branch has the phase of its last node that really ended; a skipped or
 * omitted one inherits from those that lead to it, failures first. Only the targets' branches count, so a failure that a later
 * task made good isn't one.
 */
final class DagPhase {
    private DagPhase() {}

    static NodePhase of(Node dag, DagPlan plan, DagState state) {
        Map<Integer, NodePhase> inherited = null;
        NodePhase result = NodePhase.SUCCEEDED;
        for (int target : state.targets()) {
            Node node = dag.unitNode(target);
            NodePhase phase = node == null ? NodePhase.SUCCEEDED : node.phase();
            if (node != null && !ranToAnEnd(phase)) {
                inherited = inherited == null ? walk(dag, state) : inherited;
                NodePhase reached = inherited.get(node.seq());
                phase = reached == null ? ofDependencies(dag, plan, target) : reached;
            }
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

    /** For a task that hangs under nothing, as those do that follow a task which ended before it had any children. */
    private static NodePhase ofDependencies(Node dag, DagPlan plan, int task) {
        NodePhase[] branches = new NodePhase[plan.tasks().size()];
        for (int before : plan.order()) {
            Node node = dag.unitNode(before);
            branches[before] = node != null && ranToAnEnd(node.phase()) ? node.phase() : NodePhase.SUCCEEDED;
            if (node == null || ranToAnEnd(node.phase())) {
                continue;
            }
            for (int dependency : plan.dependencies(before)) {
                if (branches[dependency].isFailedOrError()) {
                    branches[before] = branches[dependency];
                    break;
                }
            }
        }
        return branches[task];
    }

    private static boolean ranToAnEnd(NodePhase phase) {
        return phase == NodePhase.SUCCEEDED || phase.isFailedOrError();
    }

    /** A node as the end of a branch that came to it with this phase. */
    private record Branch(Node node, NodePhase phase) {}

    /**
     * The branches' phases at the targets, by sequence number. Argo follows every edge of the graph breadth first, through the
     * nodes within tasks as well, so it is the first failure that leads to a target that counts, however deep it lies.
     */
    private static Map<Integer, NodePhase> walk(Node dag, DagState state) {
        Set<Integer> targets = new HashSet<>();
        for (int target : state.targets()) {
            Node node = dag.unitNode(target);
            if (node != null) {
                targets.add(node.seq());
            }
        }
        Map<Integer, NodePhase> found = new HashMap<>();
        Set<Branch> seen = new HashSet<>();
        Deque<Branch> open = new ArrayDeque<>();
        add(open, seen, dag.children(), NodePhase.SUCCEEDED);
        while (!open.isEmpty()) {
            Branch branch = open.remove();
            Node node = branch.node();
            NodePhase phase = ranToAnEnd(node.phase()) ? node.phase() : branch.phase();
            if (targets.contains(node.seq())) {
                found.merge(node.seq(), phase, (before, now) -> before.isFailedOrError() ? before : now);
            }
            if (node.type() == NodeType.RETRY) {
                // its phase is its last attempt's: the attempts before don't count
                List<Node> children = node.children();
                for (Node child : children.reversed()) {
                    add(open, seen, child.isHook() && !child.isAttempt() ? List.of(child) : child.children(), phase);
                }
            } else {
                add(open, seen, node.children(), phase);
            }
        }
        return found;
    }

    private static void add(Deque<Branch> open, Set<Branch> seen, List<Node> nodes, NodePhase phase) {
        for (Node node : nodes) {
            Branch branch = new Branch(node, phase);
            if (seen.add(branch)) {
                open.add(branch);
            }
        }
    }
}
