package io.tiphys.engine.command;

import io.tiphys.api.Parameter;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.Node;
import org.jspecify.annotations.Nullable;

/** Whether a node matches a selector. */
public final class Selection {
    private Selection() {}

    public static boolean matches(NodeFieldSelector selector, Node node) {
        return selector.matches(field -> value(node, field));
    }

    private static @Nullable String value(Node node, String field) {
        return switch (field) {
            case "displayName" -> node.displayName();
            case "name" -> node.name();
            case "id" -> node.id();
            case "phase" -> node.phase().json();
            case "templateName" ->
                node.template() == null ? null : node.template().name();
            case "templateRef.name" ->
                node.template() == null ? null : node.template().scope().resource();
            case "templateRef.template" ->
                node.template() == null ? null : node.template().name();
            default -> input(node, field);
        };
    }

    private static @Nullable String input(Node node, String field) {
        if (node.inputs() != null && field.startsWith("inputs.parameters.") && field.endsWith(".value")) {
            String name = field.substring("inputs.parameters.".length(), field.length() - ".value".length());
            for (Parameter parameter : node.inputs().parameters()) {
                if (parameter.name().equals(name)) {
                    return parameter.value();
                }
            }
        }
        return null;
    }
}
