package io.tiphys.engine.scope;

import io.tiphys.api.NodeType;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Unit;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables within a steps or dag node: {@code steps.x.…} or {@code tasks.x.…} over its inputs over the workflow's. */
public final class BoundaryScope implements Scope {
    private final Node boundary;
    private final CompiledTemplate template;
    private final String prefix;
    private final Scope outer;

    private BoundaryScope(Node boundary, CompiledTemplate template) {
        this.boundary = boundary;
        this.template = template;
        this.prefix = boundary.type() == NodeType.DAG ? "tasks." : "steps.";
        this.outer = new InputsScope(boundary.inputs(), boundary.run().scope());
    }

    /** The scope of a steps or dag node's children; for null that of the workflow's own hooks and entry. */
    public static Scope of(io.tiphys.engine.Run run, @Nullable Node boundary) {
        if (boundary == null || boundary.template() == null) {
            return run.scope();
        }
        return new BoundaryScope(boundary, boundary.template());
    }

    @Override
    public @Nullable Object get(String name) {
        if (!name.startsWith(prefix)) {
            boolean isOfAttempt = boundary.isAttempt() && (name.equals("retries") || name.startsWith("lastRetry."));
            return isOfAttempt ? new PodScope(boundary).get(name) : outer.get(name);
        }
        int dot = name.indexOf('.', prefix.length());
        if (dot < 0) {
            return null;
        }
        Unit unit = template.unit(name.substring(prefix.length(), dot));
        return unit == null ? null : UnitValues.get(boundary, template, unit, name.substring(dot + 1));
    }

    @Override
    public @Nullable Instant now() {
        return outer.now();
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(outer.names());
        for (List<Unit> group : template.groups()) {
            group.forEach(unit -> UnitValues.names(boundary, template, unit, prefix + unit.name() + ".", names));
        }
        if (boundary.type() == NodeType.DAG) {
            template.dag()
                    .tasks()
                    .forEach(unit -> UnitValues.names(boundary, template, unit, prefix + unit.name() + ".", names));
        }
        return names;
    }
}
