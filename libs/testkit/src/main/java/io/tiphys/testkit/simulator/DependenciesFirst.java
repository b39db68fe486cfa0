package io.tiphys.testkit.simulator;

import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Run;

/** A task's node implies that all of its dependencies are settled, a step group's that the group before it has ended. */
final class DependenciesFirst implements Invariant {
    @Override
    public void after(Step step) {
        for (Event event : step.transition().events()) {
            Node node = event instanceof Event.NodeAdded added ? step.run().at(added.node()) : null;
            if (node != null) {
                check(step.run(), node);
            }
        }
    }

    private static void check(Run run, Node node) {
        Node boundary = node.boundary();
        if (node.origin().kind() == Origin.Kind.TASK && boundary != null && boundary.template() != null) {
            for (int dependency :
                    boundary.template().dag().dependencies(node.origin().index())) {
                Node before = boundary.unitNode(dependency);
                if (before == null || !before.isSettled()) {
                    throw new AssertionError("task " + node + " began before its dependency "
                            + boundary.template().dag().tasks().get(dependency).name() + " was done: " + before);
                }
            }
        }
        if (node.origin().kind() == Origin.Kind.STEP_GROUP && node.parent() != null) {
            for (Node before : run.nodes()) {
                boolean earlier = before.parent() == node.parent()
                        && before.origin().kind() == Origin.Kind.STEP_GROUP
                        && before.origin().index() < node.origin().index();
                if (earlier && !before.isFinal()) {
                    throw new AssertionError("step group " + node + " began before " + before + " had ended");
                }
            }
        }
    }
}
