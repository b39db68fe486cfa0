package io.tiphys.engine.launch;

import io.tiphys.engine.Node;
import io.tiphys.engine.NodeNames;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What arguments may say of nodes: {@code node.name} is the enclosing steps or dag node's, {@code steps.name} and {@code tasks.name} its
 * step's or task's, {@code pod.name} that of the node which is about to be made.
 */
final class CallScope implements Scope {
    private final Call call;
    private final CompiledTemplate template;

    CallScope(Call call, CompiledTemplate template) {
        this.call = call;
        this.template = template;
    }

    @Override
    public @Nullable Object get(String name) {
        return switch (name) {
            case "steps.name" -> isTask() ? null : unit(false);
            case "tasks.name" -> isTask() ? unit(true) : null;
            case "node.name" ->
                call.boundary() == null ? nodeName() : call.boundary().name();
            case "pod.name" -> template.retryStrategy() == null ? podName() : null;
            default -> call.scope().get(name);
        };
    }

    /** What the template's own values may say: there the names are those of the node itself. */
    Scope ofNode() {
        Scope outer = call.parent() == null ? call.scope() : call.parent().run().scope();
        return new Scope() {
            @Override
            public @Nullable Object get(String name) {
                return switch (name) {
                    case "node.name" -> nodeName();
                    case "steps.name" -> isTask() ? null : ownUnit();
                    case "tasks.name" -> isTask() ? ownUnit() : null;
                    case "pod.name" -> CallScope.this.get(name);
                    default -> outer.get(name);
                };
            }

            @Override
            public @Nullable Instant now() {
                return outer.now();
            }

            @Override
            public Collection<String> names() {
                return outer.names();
            }
        };
    }

    @Override
    public @Nullable Instant now() {
        return call.scope().now();
    }

    @Override
    public Collection<String> names() {
        return call.scope().names();
    }

    private boolean isTask() {
        Node boundary = call.boundary();
        return boundary != null && boundary.type() == io.tiphys.api.NodeType.DAG;
    }

    /** Argo fills in a steps template as a whole before its steps are looked at, and so with what called it; where that says nothing, it waits. */
    private String unit(boolean task) {
        Node boundary = call.boundary();
        Node caller =
                boundary != null && boundary.isAttempt() && boundary.parent() != null ? boundary.parent() : boundary;
        if (caller != null && caller.unit() != null && caller.unit().isTask() == task) {
            return caller.unitText();
        }
        if (caller != null && caller.origin().kind() == Origin.Kind.ENTRY && !task) {
            return "";
        }
        return ownUnit();
    }

    private String ownUnit() {
        Origin origin = call.origin();
        return origin.kind() == Origin.Kind.ITEM
                ? call.unit() + "(" + origin.index() + ":" + origin.text() + ")"
                : call.unit();
    }

    static String nodeName(Call call) {
        Node parent = call.parent();
        return parent == null ? "" : parent.name() + parent.suffixOf(call.origin(), call.unit());
    }

    private String nodeName() {
        return call.parent() == null ? template.scope().resource() : nodeName(call);
    }

    private String podName() {
        Node parent = call.parent();
        if (parent == null) {
            return template.scope().resource();
        }
        WorkflowDefinition definition = parent.run().definition();
        int hash = NodeNames.hash(nodeName());
        return definition.podsAreNamedById()
                ? NodeNames.id(definition.name(), hash)
                : NodeNames.pod(definition.name(), template.name(), hash);
    }
}
