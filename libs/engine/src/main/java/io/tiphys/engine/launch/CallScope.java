package io.tiphys.engine.launch;

import io.tiphys.engine.Node;
import io.tiphys.engine.NodeNames;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What arguments may say of the node that is about to be made: {@code node.name}, {@code pod.name}, {@code steps.name}. */
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
            case "steps.name" -> isTask() ? null : unit();
            case "tasks.name" -> isTask() ? unit() : null;
            case "node.name" -> nodeName();
            case "pod.name" -> template.retryStrategy() == null ? podName() : null;
            default -> call.scope().get(name);
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

    private String unit() {
        Origin origin = call.origin();
        return origin.kind() == Origin.Kind.ITEM
                ? call.unit() + "(" + origin.index() + ":" + origin.text() + ")"
                : call.unit();
    }

    private String nodeName() {
        Node parent = call.parent();
        return parent == null
                ? template.scope().resource()
                : parent.name() + parent.suffixOf(call.origin(), call.unit());
    }

    private String podName() {
        Node parent = call.parent();
        String workflow =
                call.parent() == null ? "" : call.parent().run().definition().name();
        return parent == null
                ? template.scope().resource()
                : NodeNames.pod(workflow, template.name(), NodeNames.hash(nodeName()));
    }
}
