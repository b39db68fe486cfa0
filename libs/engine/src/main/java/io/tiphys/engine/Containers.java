package io.tiphys.engine;

import io.tiphys.api.ContainerNode;
import io.tiphys.engine.definition.CompiledTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The container nodes of a pod node whose template is a container set, and how they depend on each other. */
public final class Containers {
    private Containers() {}

    /** Containers as the template lists them, but none before one that it depends on. */
    public static List<Integer> order(CompiledTemplate template) {
        List<ContainerNode> declared = declared(template);
        List<Integer> order = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (int i = 0; i < declared.size(); i++) {
                ContainerNode container = declared.get(i);
                if (!order.contains(i) && placed.containsAll(container.dependencies())) {
                    order.add(i);
                    placed.add(name(container));
                    more = true;
                }
            }
        }
        return order;
    }

    public static String name(CompiledTemplate template, int index) {
        return name(declared(template).get(index));
    }

    static List<String> dependencies(Node pod, int index) {
        CompiledTemplate template = pod.template;
        return template == null ? List.of() : declared(template).get(index).dependencies();
    }

    /** The container nodes of a pod node, in order of creation. */
    public static List<Node> of(Node pod) {
        return Children.containers(pod);
    }

    /** The container node with this name, or null. */
    public static @Nullable Node find(Node pod, String name) {
        for (Node node : of(pod)) {
            if (name.equals(node.origin.text())) {
                return node;
            }
        }
        return null;
    }

    /** Container nodes on which no other depends. */
    static List<Node> last(Node pod) {
        CompiledTemplate template = pod.template;
        if (template == null) {
            return List.of();
        }
        Set<String> needed = new HashSet<>();
        declared(template).forEach(container -> needed.addAll(container.dependencies()));
        return of(pod).stream()
                .filter(node -> !needed.contains(node.origin.text()))
                .toList();
    }

    private static List<ContainerNode> declared(CompiledTemplate template) {
        var set = template.template().containerSet();
        return set == null ? List.of() : set.containers();
    }

    private static String name(ContainerNode container) {
        String name = container.container().getName();
        return name == null ? "" : name;
    }
}
