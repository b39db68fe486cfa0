package io.tiphys.engine;

import io.tiphys.api.NodeType;
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
            length += node.unitName().length() + SUFFIX_BESIDE_UNIT;
        }
        StringBuilder name = new StringBuilder(length).append(begin);
        for (int i = path.size() - 1; i >= 0; i--) {
            name.append(path.get(i).suffix());
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
