package io.tiphys.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The nodes at which a node's part of the graph ends, and to which whatever comes next is attached. Recurses by nesting only. */
public final class Outbound {
    private Outbound() {}

    static void of(Node node, Consumer<Node> sink) {
        of(node, sink, false);
    }

    /** Argo looks once more at the ends that it wrote down of a steps or dag node: within one, a retry's last attempt isn't the end yet. */
    private static void of(Node node, Consumer<Node> sink, boolean isWithin) {
        Family family = node.family;
        if (node.memo != null && node.memo.state() == Memo.State.HIT) {
            sink.accept(node);
            return;
        }
        switch (node.type) {
            case STEPS -> {
                if (family != null && family.lastGroup != null) {
                    members(family.lastGroup, sink, true);
                }
            }
            case DAG -> {
                if (family != null && family.dag != null) {
                    targets(node, family.dag, sink, true);
                }
            }
            case TASK_GROUP -> {
                if (family == null || family.members.size() == 0) {
                    sink.accept(node);
                } else {
                    members(node, sink, isWithin);
                }
            }
            case RETRY -> {
                Node last = family == null || family.members.size() == 0 ? null : node.run.at(family.members.last());
                if (last != null && isWithin) {
                    of(last, sink, true);
                } else if (last != null) {
                    sink.accept(last);
                }
            }
            case POD -> {
                if (family == null || family.containers.size() == 0) {
                    sink.accept(node);
                } else {
                    Containers.last(node).forEach(sink);
                    hooks(node, sink, isWithin);
                }
            }
            default -> sink.accept(node);
        }
    }

    /** What follows a step group hangs under its children's ends, or under itself if it has none. */
    static void ofGroup(Node group, Consumer<Node> sink) {
        if (group.family == null || group.family.members.size() == 0) {
            sink.accept(group);
        } else {
            members(group, sink, false);
        }
    }

    /** {@code status.nodes[].outboundNodes} of a steps or dag node. */
    public static List<Node> of(Node node) {
        List<Node> found = new ArrayList<>();
        if (node.memo != null && node.memo.state() == Memo.State.HIT) {
            found.add(node);
        } else if (node.family != null && node.family.lastGroup != null) {
            members(node.family.lastGroup, found::add, false);
        } else if (node.family != null && node.family.dag != null) {
            targets(node, node.family.dag, found::add, false);
        }
        return found;
    }

    private static void targets(Node node, DagState dag, Consumer<Node> sink, boolean isWithin) {
        for (int target : dag.targets) {
            Node task = node.unitNode(target);
            if (task != null) {
                of(task, sink, isWithin);
            }
        }
    }

    /** Argo takes all that hangs under a pod of containers for its ends. */
    private static void hooks(Node pod, Consumer<Node> sink, boolean isWithin) {
        for (Node member : pod.members()) {
            if (member.isHook()) {
                of(member, sink, isWithin);
            }
        }
    }

    private static void members(Node node, Consumer<Node> sink, boolean isWithin) {
        for (Node member : node.members()) {
            of(member, sink, isWithin);
        }
    }
}
