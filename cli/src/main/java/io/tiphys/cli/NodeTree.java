package io.tiphys.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a workflow as a tree that people can read: what a template called stands under its node, the attempts of a retry and the items
 * of a loop under theirs. A step that is alone in its group stands there without the group. Of many siblings, those that need attention are
 * shown and the rest is counted.
 */
final class NodeTree {
    private static final int MANY = 24;
    private static final int SHOWN_OF_MANY = 12;

    /** A line of the tree, before its columns are laid out. */
    record Line(String branch, NodeView node, String label) {
        boolean isSummary() {
            return !label.isEmpty();
        }
    }

    private final WorkflowView workflow;
    private final Map<String, NodeView> nodes;
    private final Map<String, List<NodeView>> shownUnder = new LinkedHashMap<>();
    private final boolean everything;

    NodeTree(WorkflowView workflow, boolean everything) {
        this.workflow = workflow;
        this.nodes = workflow.nodes();
        this.everything = everything;
        arrange();
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (NodeView root : shownUnder.getOrDefault("", List.of())) {
            lines.add(new Line("", root, ""));
            below(root, "", lines);
        }
        return lines;
    }

    private void arrange() {
        Map<String, String> groupOf = new LinkedHashMap<>();
        for (NodeView group : nodes.values()) {
            switch (group.type()) {
                case "StepGroup" -> group.children().forEach(child -> groupOf.putIfAbsent(child, group.id()));
                case "TaskGroup", "Retry" -> {
                    for (String child : group.children()) {
                        NodeView node = nodes.get(child);
                        if (node != null && node.name().startsWith(group.name() + "(")) {
                            groupOf.put(child, group.id());
                        }
                    }
                }
                default -> {
                    // holds its nodes as their boundary
                }
            }
        }
        for (NodeView node : nodes.values()) {
            String boundary = nodes.containsKey(node.boundary()) ? node.boundary() : "";
            String group = groupOf.getOrDefault(node.id(), "");
            NodeView groupNode = nodes.get(group);
            boolean inGroup = groupNode != null && !node.type().equals("StepGroup") && !group.equals(node.id());
            shownUnder
                    .computeIfAbsent(inGroup ? group : boundary, _ -> new ArrayList<>())
                    .add(node);
        }
        Comparator<NodeView> order = Comparator.comparing(
                        (NodeView node) -> !node.id().equals(workflow.name()))
                .thenComparingLong(NodeTree::indexInName)
                .thenComparing(NodeView::startedAt)
                .thenComparing(NodeView::name);
        shownUnder.values().forEach(siblings -> siblings.sort(order));
    }

    /** The number in {@code [3]} or {@code name(3:x)}; 0 for other names. */
    private static long indexInName(NodeView node) {
        String name = node.name();
        int open = Math.max(name.lastIndexOf('['), name.lastIndexOf('('));
        int end = open + 1;
        while (end > 0 && end < name.length() && end - open < 12 && Character.isDigit(name.charAt(end))) {
            end++;
        }
        return open < 0 || end == open + 1 ? 0 : Long.parseLong(name.substring(open + 1, end));
    }

    private void below(NodeView parent, String indent, List<Line> lines) {
        List<NodeView> children = flattened(parent, new HashSet<>());
        List<NodeView> shown = everything || children.size() <= MANY ? children : worthSeeing(children);
        int hidden = children.size() - shown.size();
        for (int i = 0; i < shown.size(); i++) {
            NodeView child = shown.get(i);
            boolean last = hidden == 0 && i == shown.size() - 1;
            lines.add(new Line(indent + (last ? "└─" : "├─"), child, ""));
            below(child, indent + (last ? "   " : "│  "), lines);
        }
        if (hidden > 0) {
            Set<String> shownIds = new HashSet<>();
            shown.forEach(node -> shownIds.add(node.id()));
            lines.add(new Line(indent + "└─", parent, summary(children, shownIds)));
        }
    }

    /** The children, where a group of a single step is replaced by this step. */
    private List<NodeView> flattened(NodeView parent, Set<String> seen) {
        List<NodeView> children = new ArrayList<>();
        for (NodeView child : shownUnder.getOrDefault(parent.id(), List.of())) {
            List<NodeView> inside = shownUnder.getOrDefault(child.id(), List.of());
            if (child.type().equals("StepGroup") && inside.size() == 1 && seen.add(child.id())) {
                children.add(inside.getFirst());
            } else {
                children.add(child);
            }
        }
        return children;
    }

    private static List<NodeView> worthSeeing(List<NodeView> children) {
        List<NodeView> sorted = new ArrayList<>(children);
        sorted.sort(Comparator.comparingInt(node -> urgency(node.phase())));
        Set<NodeView> chosen = new HashSet<>(sorted.subList(0, SHOWN_OF_MANY));
        return children.stream().filter(chosen::contains).toList();
    }

    private static int urgency(Phase phase) {
        return switch (phase) {
            case FAILED, ERROR -> 0;
            case RUNNING -> 1;
            case PENDING, UNKNOWN -> 2;
            case SUCCEEDED -> 3;
            case SKIPPED, OMITTED -> 4;
        };
    }

    private static String summary(List<NodeView> children, Set<String> shown) {
        Map<Phase, Integer> counts = new EnumMap<>(Phase.class);
        int hidden = 0;
        for (NodeView child : children) {
            if (!shown.contains(child.id())) {
                counts.merge(child.phase(), 1, Integer::sum);
                hidden++;
            }
        }
        StringBuilder text = new StringBuilder("… ").append(hidden).append(" more:");
        counts.forEach((phase, count) -> text.append("  ")
                .append(phase.icon())
                .append(' ')
                .append(count)
                .append(' ')
                .append(phase.word()));
        return text.toString();
    }

    static String duration(Line line, Instant now) {
        return line.isSummary() ? "" : line.node().duration(now);
    }
}
