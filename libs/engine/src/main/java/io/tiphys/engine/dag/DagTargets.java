package io.tiphys.engine.dag;

import io.tiphys.engine.Node;
import io.tiphys.engine.definition.DagPlan;
import io.tiphys.engine.scope.InputsScope;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks that a dag must get done: {@code dag.target}, which may hold tags, or else all leaves. */
public final class DagTargets {
    private DagTargets() {}

    /** Indexes of the targets; names of no task are left out (see {@link #problem}). */
    public static int[] of(Node node, DagPlan plan) {
        List<String> names = names(node, plan);
        if (names == null) {
            return plan.leaves();
        }
        return names.stream()
                .mapToInt(plan::indexOf)
                .filter(index -> index >= 0)
                .toArray();
    }

    /** What is wrong with the target, or null. */
    public static @Nullable String problem(Node node, DagPlan plan) {
        List<String> names = names(node, plan);
        if (names != null) {
            for (String name : names) {
                if (plan.indexOf(name) < 0) {
                    return "target '" + name + "' is not defined";
                }
            }
        }
        return null;
    }

    private static @Nullable List<String> names(Node node, DagPlan plan) {
        CompiledText target = plan.target();
        if (target == null) {
            return null;
        }
        String text =
                switch (target.render(new InputsScope(node.inputs(), node.run().scope()))) {
                    case Rendering.Rendered(var rendered) -> rendered;
                    case Rendering.Unresolved(var _, var rendered) -> rendered;
                    case Rendering.Failed _ -> target.source();
                };
        List<String> names = new ArrayList<>();
        for (String name : text.split(" ", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names.isEmpty() ? null : names;
    }
}
