package io.tiphys.engine;

import io.tiphys.api.NodeType;
import io.tiphys.engine.definition.Unit;
import org.jspecify.annotations.Nullable;

/** Which step or task of their boundary's template nodes are. */
final class Units {
    private Units() {}

    /** The step or task that the node is, or is an item of; null for everything else. */
    static @Nullable Unit of(Node node) {
        Origin origin = node.origin;
        return switch (origin.kind()) {
            case STEP -> step(node, origin.index());
            case TASK -> task(node, origin.index());
            case ITEM ->
                node.parent != null && node.parent.type == NodeType.STEP_GROUP
                        ? step(node, origin.unit())
                        : task(node, origin.unit());
            case ENTRY, STEP_GROUP, ATTEMPT, EXIT_HOOK, HOOK, CONTAINER -> null;
        };
    }

    private static @Nullable Unit step(Node node, int index) {
        Node group = node.parent;
        Node boundary = node.boundary;
        if (group == null || boundary == null || boundary.template == null) {
            return null;
        }
        return boundary.template.groups().get(group.origin.index()).get(index);
    }

    private static @Nullable Unit task(Node node, int index) {
        Node boundary = node.boundary;
        return boundary == null || boundary.template == null
                ? null
                : boundary.template.dag().tasks().get(index);
    }
}
