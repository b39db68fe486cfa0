package io.tiphys.testkit.simulator;

import io.tiphys.api.NodeType;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** No more pods are active than the workflow allows; counted from the facts, not with the engine's own counters. */
final class ParallelismKept implements Invariant {
    private final Set<Integer> active = new HashSet<>();

    @Override
    public void after(Step step) {
        Run run = step.run();
        for (Event event : step.transition().events()) {
            switch (event) {
                case Event.NodeAdded added
                when added.type() == NodeType.POD && !added.phase().isFulfilled() -> active.add(added.node());
                case Event.NodePhaseChanged(var node, var phase, var _, var _) -> {
                    if (phase.isFulfilled()) {
                        active.remove(node);
                    }
                }
                case Event.NodeRemoved(var node) -> active.remove(node);
                default -> {}
            }
        }
        // Argo: a pod that waits for locks takes no slot
        List<Integer> running =
                active.stream().filter(seq -> !waitsForLocks(run, seq)).toList();
        if (running.size() != run.activePods()) {
            throw new AssertionError(
                    "the run counts " + run.activePods() + " active pods, but there are " + running.size());
        }
        Long limit = run.parallelism();
        // what runs for the exit of a node or of the workflow doesn't wait for a slot
        if (limit != null && running.stream().filter(seq -> counts(run, seq)).count() > Math.max(limit, 0)) {
            throw new AssertionError(running.size() + " pods are active where parallelism is " + limit);
        }
    }

    private static boolean waitsForLocks(Run run, int seq) {
        Node node = run.at(seq);
        return node != null && node.lacksLocks();
    }

    private static boolean counts(Run run, int seq) {
        for (Node node = run.at(seq); node != null; node = node.parent()) {
            if (node.isHook()) {
                return false;
            }
        }
        return true;
    }
}
