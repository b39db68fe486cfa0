package io.tiphys.engine;

import io.tiphys.api.NodeType;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.scope.PodScope;
import io.tiphys.engine.scope.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What nodes are called and shown as. Names aren't kept: below deep recursions they are far larger than all else of a node. */
final class NodeNaming {
    /** Brackets, dots and a number; more if an item has a text of its own. */
    private static final int SUFFIX_BESIDE_UNIT = 16;

    private static final Pattern DISPLAY_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]");

    private NodeNaming() {}

    static String name(Node node) {
        return below(null, node, node.run.definition().name());
    }

    static String displayName(Node node) {
        String wanted = wanted(node);
        if (wanted != null && DISPLAY_NAME.matcher(wanted).matches()) {
            return wanted;
        }
        Node boundary = node.boundary;
        String name = boundary != null && isBelow(boundary, node) ? below(boundary, node, "") : name(node);
        int at = 0;
        if (name.startsWith("[")) {
            int close = name.indexOf(']');
            if (close > 0 && name.substring(1, close).chars().allMatch(Character::isDigit)) {
                at = close + 1;
            }
        }
        return name.startsWith(".", at) ? name.substring(at + 1) : name;
    }

    static @Nullable String displayNameProblem(Node node) {
        String wanted = wanted(node);
        return wanted != null
                        && !wanted.isEmpty()
                        && !DISPLAY_NAME.matcher(wanted).matches()
                ? "displayName must match the regex ^" + DISPLAY_NAME + "$"
                : null;
    }

    /** The name of the node's step or task, with the item's place and text if it is one of a loop. */
    static String unitText(Node node) {
        return node.origin.kind() == Origin.Kind.ITEM ? unitName(node) + item(node.origin) : unitName(node);
    }

    private static String unitName(Node node) {
        Unit unit = Units.of(node);
        return unit == null ? "" : unit.name();
    }

    private static String item(Origin origin) {
        return "(" + origin.index() + ":" + origin.text() + ")";
    }

    static String podName(Node node) {
        if (node.origin.kind() == Origin.Kind.ENTRY || node.run.definition().podsAreNamedById()) {
            return node.id();
        }
        return NodeNames.pod(
                node.run.definition().name(), node.template == null ? "" : node.template.name(), node.idHash);
    }

    /** What the node's name adds to its parent's. */
    static String suffix(Node node) {
        return node.parent == null ? "" : suffix(node.parent, node.origin, unitName(node));
    }

    /** What the name of a node of this origin, which is this unit or an item of it, would add to its parent's. */
    static String suffix(Node parent, Origin child, String unit) {
        return switch (child.kind()) {
            case ENTRY -> "";
            case STEP_GROUP -> "[" + child.index() + "]";
            case STEP, TASK -> "." + unit;
            case ITEM -> parent.type == NodeType.STEP_GROUP ? "." + unit + item(child) : item(child);
            case ATTEMPT -> "(" + child.index() + ")";
            case EXIT_HOOK -> ".onExit";
            case HOOK -> ".hooks." + child.text();
            case CONTAINER -> "." + child.text();
        };
    }

    /** What its template wants the node to be shown as; null if it doesn't say, or can't. */
    private static @Nullable String wanted(Node node) {
        return node.template != null
                        && node.template.displayName() != null
                        && !node.isAttempt()
                        && node.type != NodeType.CONTAINER
                        && Texts.render(node.template.displayName(), new PodScope(node))
                                instanceof Texts.Outcome.Text(var shown)
                ? shown
                : null;
    }

    /** The name from below this ancestor on, after what it begins with. */
    private static String below(@Nullable Node ancestor, Node named, String begin) {
        List<Node> path = new ArrayList<>();
        int length = begin.length();
        for (Node node = named; node.parent != null && !node.equals(ancestor); node = node.parent) {
            path.add(node);
            length += unitName(node).length() + SUFFIX_BESIDE_UNIT;
        }
        StringBuilder name = new StringBuilder(length).append(begin);
        for (int i = path.size() - 1; i >= 0; i--) {
            name.append(suffix(path.get(i)));
        }
        return name.toString();
    }

    private static boolean isBelow(Node ancestor, Node below) {
        Node node = below;
        while (node != null && !node.equals(ancestor)) {
            node = node.parent;
        }
        return node != null;
    }
}
