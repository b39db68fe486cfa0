package io.tiphys.engine;

import io.tiphys.api.NodeType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes below a node, found by the numbers that it keeps of them. */
final class Children {
    private Children() {}

    /** Those that hang under it, in order of creation. */
    static List<Node> members(Node node) {
        return node.family == null ? new ArrayList<>() : found(node.run, node.family.members);
    }

    /** Its own, then those that follow it because they wait for it. */
    static List<Node> inGraph(Node node) {
        if (node.links == null) {
            return members(node);
        }
        List<Node> nodes = new ArrayList<>();
        if (node.family != null) {
            addTo(nodes, node.run, node.family.members);
        }
        addTo(nodes, node.run, node.links);
        return nodes;
    }

    /** The container nodes of a pod, in order of creation. */
    static List<Node> containers(Node pod) {
        return pod.family == null ? List.of() : found(pod.run, pod.family.containers);
    }

    private static List<Node> found(Run run, IntList seqs) {
        List<Node> nodes = new ArrayList<>(seqs.size());
        addTo(nodes, run, seqs);
        return nodes;
    }

    private static void addTo(List<Node> nodes, Run run, IntList seqs) {
        for (int i = 0; i < seqs.size(); i++) {
            Node node = run.at(seqs.get(i));
            if (node != null) {
                nodes.add(node);
            }
        }
    }

    /** The node (or the last of its attempts) that stands for a unit of the boundary; null if none yet. */
    static @Nullable Node ofUnit(Node boundary, int ordinal) {
        return known(boundary, ordinal) instanceof Node node ? node : null;
    }

    /** Items of a loop of the boundary in order of creation; null if the unit isn't an expanded loop. */
    static @Nullable List<Node> ofLoop(Node boundary, int ordinal) {
        Object known = known(boundary, ordinal);
        if (known instanceof Family.LoopNodes loop) {
            return loop.items;
        }
        return known instanceof Node node && node.type == NodeType.TASK_GROUP ? items(node) : null;
    }

    /** Hooks of the loop hang under its group, too. */
    private static List<Node> items(Node group) {
        List<Node> nodes = members(group);
        nodes.removeIf(Node::isHook);
        return nodes;
    }

    private static @Nullable Object known(Node boundary, int ordinal) {
        Family family = boundary.family;
        return family == null || family.units == null ? null : family.units[ordinal];
    }
}
