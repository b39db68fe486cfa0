package io.tiphys.engine.adoption;

import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.TemplateRef;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.Callee;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.engine.scope.InputsScope;
import io.tiphys.expression.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out from the names of nodes how they belong together; nodes whose name or place the spec doesn't explain are left out. */
final class StatusTree {
    private static final String HOOKS = ".hooks";
    private static final String EXIT = "onExit";

    private final WorkflowDefinition definition;
    private final Scope scope;
    private final Map<String, Place> places = new HashMap<>();

    StatusTree(WorkflowDefinition definition, Scope scope, Collection<NodeStatus> nodes) {
        this.definition = definition;
        this.scope = scope;
        List<NodeStatus> byLength = new ArrayList<>(nodes);
        byLength.sort(Comparator.comparingInt((NodeStatus node) -> node.name().length())
                .thenComparing(NodeStatus::name));
        byLength.forEach(this::place); // a parent's name is always the shorter one
    }

    /** All nodes that have a place, every one after those that it depends on. */
    List<Place> inOrder() {
        List<Place> order = new ArrayList<>(places.size());
        Place entry = places.get(definition.name());
        Deque<Place> open = new ArrayDeque<>();
        if (entry != null) {
            open.push(entry);
        }
        while (!open.isEmpty()) {
            Place place = open.pop();
            place.seq = order.size();
            order.add(place);
            place.childrenInOrder().reversed().forEach(open::push);
        }
        return order;
    }

    private void place(NodeStatus node) {
        Place place = node.name().equals(definition.name())
                ? new Place(node, null, Origin.of(Origin.Kind.ENTRY, 0))
                : below(node);
        if (place != null) {
            place.template = template(place);
            places.put(node.name(), place);
            if (place.parent != null) {
                place.parent.children.add(place);
            }
        }
    }

    private @Nullable Place below(NodeStatus node) {
        String name = node.name();
        if (name.endsWith(")")) {
            return numbered(node, name.lastIndexOf('('));
        }
        if (name.endsWith("]")) {
            int open = name.lastIndexOf('[');
            Place steps = parent(name, open, NodeType.STEPS);
            int index = steps == null ? -1 : number(name.substring(open + 1, name.length() - 1));
            boolean known = steps != null
                    && steps.template != null
                    && index >= 0
                    && index < steps.template.groups().size();
            return known ? new Place(node, steps, Origin.of(Origin.Kind.STEP_GROUP, index)) : null;
        }
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? null : named(node, name.substring(0, dot), name.substring(dot + 1));
    }

    /** {@code N(0)} or {@code …(0:item)}: names of items hold no parentheses of their own. */
    private @Nullable Place numbered(NodeStatus node, int open) {
        String name = node.name();
        if (open <= 0) {
            return null;
        }
        String inner = name.substring(open + 1, name.length() - 1);
        int colon = inner.indexOf(':');
        if (colon < 0) {
            Place retry = parent(name, open, NodeType.RETRY);
            int attempt = number(inner);
            return retry == null || attempt < 0
                    ? null
                    : new Place(node, retry, Origin.of(Origin.Kind.ATTEMPT, attempt));
        }
        int index = number(inner.substring(0, colon));
        String text = inner.substring(colon + 1);
        Place group = parent(name, open, NodeType.TASK_GROUP);
        if (group != null) {
            return index < 0
                    ? null
                    : new Place(node, group, new Origin(Origin.Kind.ITEM, index, group.origin.index(), text));
        }
        int dot = name.lastIndexOf('.', open);
        Place steps = parent(name, dot, NodeType.STEP_GROUP);
        int unit = steps == null ? -1 : indexOfStep(steps, name.substring(dot + 1, open));
        return index < 0 || unit < 0 ? null : new Place(node, steps, new Origin(Origin.Kind.ITEM, index, unit, text));
    }

    private @Nullable Place named(NodeStatus node, String prefix, String last) {
        Place parent = places.get(prefix);
        if (parent == null) {
            Place owner =
                    prefix.endsWith(HOOKS) ? places.get(prefix.substring(0, prefix.length() - HOOKS.length())) : null;
            return owner == null ? null : new Place(node, owner, new Origin(Origin.Kind.HOOK, 0, -1, last));
        }
        if (last.equals(EXIT)) {
            return new Place(node, parent, new Origin(Origin.Kind.EXIT_HOOK, 0, -1, null));
        }
        return switch (parent.type()) {
            case STEP_GROUP -> {
                int step = indexOfStep(parent, last);
                yield step < 0 ? null : new Place(node, parent, Origin.of(Origin.Kind.STEP, step));
            }
            case DAG -> {
                int task = parent.template == null ? -1 : parent.template.dag().indexOf(last);
                yield task < 0 ? null : new Place(node, parent, Origin.of(Origin.Kind.TASK, task));
            }
            case POD -> {
                int container = parent.template == null ? -1 : indexOfContainer(parent.template, last);
                yield container < 0
                        ? null
                        : new Place(node, parent, new Origin(Origin.Kind.CONTAINER, container, -1, last));
            }
            case UNKNOWN, CONTAINER, STEPS, TASK_GROUP, RETRY, SKIPPED, SUSPEND, HTTP, PLUGIN -> null;
        };
    }

    private @Nullable Place parent(String name, int end, NodeType type) {
        Place parent = end <= 0 ? null : places.get(name.substring(0, end));
        return parent != null && parent.type() == type ? parent : null;
    }

    private static int indexOfStep(Place group, String name) {
        CompiledTemplate template = group.boundary == null ? null : group.boundary.template;
        if (template != null) {
            for (Unit unit : template.groups().get(group.origin.index())) {
                if (unit.name().equals(name)) {
                    return unit.index();
                }
            }
        }
        return -1;
    }

    private static int indexOfContainer(CompiledTemplate template, String name) {
        for (int index : Containers.order(template)) {
            if (Containers.name(template, index).equals(name)) {
                return index;
            }
        }
        return -1;
    }

    private static int number(String digits) {
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
    }

    // --- templates ---

    private @Nullable CompiledTemplate template(Place place) {
        boolean bare = switch (place.type()) {
            case STEP_GROUP, TASK_GROUP, SKIPPED, UNKNOWN -> true;
            case POD, CONTAINER, STEPS, DAG, RETRY, SUSPEND, HTTP, PLUGIN -> false;
        };
        if (bare) {
            return null;
        }
        CompiledTemplate found = switch (place.origin.kind()) {
            case ATTEMPT, CONTAINER -> place.parent == null ? null : place.parent.template;
            case ENTRY, STEP_GROUP, STEP, TASK, ITEM, EXIT_HOOK, HOOK -> called(place);
        };
        if (found == null
                || (place.type() == NodeType.STEPS && found.groups().isEmpty())
                || (place.type() == NodeType.DAG && found.template().dag() == null)) {
            return null;
        }
        return definition.filled(found, new InputsScope(place.status.inputs(), scope));
    }

    private @Nullable CompiledTemplate called(Place place) {
        NodeStatus node = place.status;
        CompiledTemplate caller = place.boundary == null ? null : place.boundary.template;
        TemplateRef ref = node.templateRef();
        if (ref != null && ref.name() != null && ref.template() != null) {
            String scopeName = ref.clusterScope() ? "cluster/" : "namespaced/";
            return definition.byKey(scopeName + ref.name() + "/" + ref.template());
        }
        Unit unit = place.unit();
        Callee callee = unit == null ? place.parent == null ? definition.entrypoint() : null : unit.callee();
        CompiledTemplate named =
                node.templateName() == null ? null : definition.byKey(scopeKey(node, caller) + node.templateName());
        if (callee != null && (callee.inline() != null || named == null)) {
            return definition.resolve(caller, callee, unit == null ? "" : unit.name(), scope)
                            instanceof WorkflowDefinition.Resolution.Found(var template)
                    ? template
                    : null;
        }
        return named;
    }

    private static String scopeKey(NodeStatus node, @Nullable CompiledTemplate caller) {
        String text = node.templateScope();
        if (text == null || text.isEmpty()) {
            text = caller == null ? "local/" : caller.scope().text();
        }
        return text.startsWith("local/") ? "local//" : text + "/";
    }
}
