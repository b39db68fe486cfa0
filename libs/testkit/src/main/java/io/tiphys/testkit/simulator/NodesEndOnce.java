package io.tiphys.testkit.simulator;

import io.tiphys.engine.Event;
import java.util.HashSet;
import java.util.Set;

/** A node reaches a final phase once, and leaves it only when the workflow is retried. */
final class NodesEndOnce implements Invariant {
    private final Set<Integer> ended = new HashSet<>();

    @Override
    public void after(Step step) {
        for (Event event : step.transition().events()) {
            switch (event) {
                case Event.NodeAdded added when added.phase().isFulfilled() -> ended.add(added.node());
                case Event.NodePhaseChanged(var node, var phase, var _, var _) -> {
                    if (ended.contains(node)) {
                        throw new AssertionError("node %s had ended when it became %s by %s"
                                .formatted(step.run().at(node), phase, step.input()));
                    }
                    if (phase.isFulfilled()) {
                        ended.add(node);
                    }
                }
                case Event.NodeReopened(var node, var _) -> ended.remove(node);
                case Event.NodeRemoved(var node) -> ended.remove(node);
                default -> {}
            }
        }
    }
}
