package io.tiphys.testkit.simulator;

import io.tiphys.api.NodeType;
import io.tiphys.engine.Command;
import io.tiphys.engine.Node;

/** Pods are ordered for nodes that run in pods, under the name that the node's pod has. */
final class OrdersFitNodes implements Invariant {
    @Override
    public void after(Step step) {
        for (Command command : step.transition().commands()) {
            if (command instanceof Command.EnsurePod order) {
                Node node = step.run().node(order.nodeId());
                if (node == null
                        || node.type() != NodeType.POD
                        || !node.podName().equals(order.podName())) {
                    throw new AssertionError("pod " + order.podName() + " was ordered for " + node);
                }
            }
        }
    }
}
