package io.tiphys.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The nodes at which a node's part of the graph ends, and to which whatever comes next is attached. Recurses by nesting only. */
public final class Outbound {
    private Outbound() {}

    static void of(Node node, Consumer<Node> sink) {
        Family family = node.family;
        if (node.memo != null && node.memo.state() == Memo.State.HIT) {
            sink.accept(node);
            return;
        }
        switch (node.type) {
            case STEPS -> {
                if (family != null && family.lastGroup != null) {
                    members(family.lastGroup, sink);
                }
            }
            case DAG -> {
                if (family != null && family.dag != null) {
                    for (int target : family.dag.targets) {
                        Node task = node.unitNode(target);
                        if (task != null) {
                            of(task, sink);
                        }
                    }
                }
            }
            case TASK_GROUP -> {
                if (family == null || family.members.size() == 0) {
                    sink.accept(node);
                } else {
                    members(node, sink);
                }
            }
            case RETRY -> {
                Node last = family == null || family.members.size() == 0 ? null : node.run.at(family.members.last());
                if (last != null) {
                    sink.accept(last);
                }
            }
            case POD -> {
                if (family == null || family.containers.size() == 0) {
                    sink.accept(node);
                } else {
                    Containers.last(node).forEach(sink);
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
            members(group, sink);
        }
    }

    /** {@code status.nodes[].outboundNodes} of a steps or dag node. */
    public static List<Node> of(Node node) {
        List<Node> found = new ArrayList<>();
        of(node, found::add);
        return found;
    }

    private static void members(Node node, Consumer<Node> sink) {
        for (Node member : node.members()) {
            of(member, sink);
        }
    }
}
