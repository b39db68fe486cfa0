package io.tiphys.engine.hook;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.definition.Hook;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.launch.Call;
import io.tiphys.engine.launch.Launcher;
import io.tiphys.engine.scope.BoundaryScope;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fires the hooks of one step or task, each at most once. */
public final class HookMachine {
    private HookMachine() {}

    /** Looks whether hooks of this node are due, and settles it once all are done. */
    public static void attend(Draft draft, Node node) {
        Unit unit = node.unit();
        if (unit == null || (node.isSettled() && !node.isDaemoned())) {
            return;
        }
        Scope scope = scope(draft, node, unit);
        boolean started = false;
        // nobody waits any more for what is around it: a retry of the workflow left that as it was
        boolean isOver = node.boundary() != null && node.boundary().isFinal();
        for (Hook hook : hooks(node, unit)) {
            if (!isOver && !hasFired(node, hook) && isDue(draft, node, hook, scope)) {
                fire(draft, node, unit, hook, scope);
                started = true;
            }
        }
        Family family = node.family();
        if (!started && node.isFulfilled() && (family == null || family.openHooks() == 0) && !node.isSettled()) {
            draft.add(new Event.NodeSettled(node.seq()));
        }
    }

    /** Argo: of a task's hooks those of its loop as a whole, for an item that which tells its exit. */
    private static List<Hook> hooks(Node node, Unit unit) {
        boolean isItemOfTask = node.origin().kind() == Origin.Kind.ITEM
                && node.boundary() != null
                && node.boundary().type() == NodeType.DAG;
        return isItemOfTask ? unit.hooks().stream().filter(Hook::isExit).toList() : unit.hooks();
    }

    /** What hooks see. Argo knows the items of a step's loop by their own names only, so that none of their hooks can ask for the step. */
    private static Scope scope(Draft draft, Node node, Unit unit) {
        Node boundary = node.boundary();
        Scope scope = BoundaryScope.of(draft.run(), boundary);
        return unit.loop() == null || boundary == null || boundary.type() != NodeType.STEPS
                ? scope
                : new OfItem(node, "steps." + unit.name() + ".", scope);
    }

    /** A scope in which an item goes by its own name, and nothing begins with the prefix. */
    private record OfItem(Node item, String prefix, Scope scope) implements Scope {
        @Override
        public @Nullable Object get(String name) {
            if (name.equals(status())) {
                return item.phase().json();
            }
            return name.startsWith(prefix) ? null : scope.get(name);
        }

        @Override
        public Collection<String> names() {
            List<String> names = new ArrayList<>(scope.names());
            names.removeIf(name -> name.startsWith(prefix));
            names.add(status());
            return names;
        }

        private String status() {
            return "steps." + item.displayName() + ".status";
        }

        @Override
        public @Nullable Instant now() {
            return scope.now();
        }
    }

    private static boolean isDue(Draft draft, Node node, Hook hook, Scope scope) {
        if (node.phase() == NodePhase.PENDING) {
            return false;
        }
        if (hook.isExit()) {
            Shutdown shutdown = draft.run().shutdown();
            if (!node.isFinal() || shutdown == Shutdown.TERMINATE) {
                return false;
            }
        }
        return holds(hook, scope);
    }

    /** Whether the hook's expression is true; one that makes no sense isn't, as long as it may still come to make some. */
    public static boolean holds(Hook hook, Scope scope) {
        Expr expression = hook.expression();
        if (expression == null) {
            return hook.isExit() && hook.problem() == null;
        }
        return expression.evaluateBoolean(scope) instanceof Expr.Evaluation.Value(var value)
                && Boolean.TRUE.equals(value);
    }

    /** Why hooks of this step or task, which is over, could never fire: an error of what is around it. */
    public static @Nullable String problem(Draft draft, Node node) {
        Unit unit = node.unit();
        boolean ran = node.phase() != NodePhase.SKIPPED && node.phase() != NodePhase.OMITTED;
        if (unit == null || unit.hooks().isEmpty() || !ran || draft.run().shutdown() != null) {
            return null;
        }
        return problem(hooks(node, unit), node, scope(draft, node, unit));
    }

    /** Why one of these hooks of a node could never fire. */
    public static @Nullable String problem(List<Hook> hooks, Node node, Scope scope) {
        for (Hook hook : hooks) {
            if (!hasFired(node, hook)) {
                if (hook.problem() != null) {
                    return hook.problem();
                }
                if (hook.expression() != null
                        && hook.expression().evaluateBoolean(scope) instanceof Expr.Evaluation.Failed(var message)) {
                    return message;
                }
            }
        }
        return null;
    }

    /** Whether there is a node of this hook already. */
    public static boolean hasFired(Node node, Hook hook) {
        Family family = node.family();
        if (family == null) {
            return false;
        }
        for (Node fired : family.hooks()) {
            if (hook.isExit()
                    ? fired.origin().kind() == Origin.Kind.EXIT_HOOK
                    : fired.origin().kind() == Origin.Kind.HOOK
                            && hook.name().equals(fired.origin().text())) {
                return true;
            }
        }
        return false;
    }

    private static void fire(Draft draft, Node node, Unit unit, Hook hook, Scope scope) {
        Launcher.launch(
                draft,
                new Call(
                        node,
                        node.boundary(),
                        origin(hook),
                        hook.callee(),
                        unit.name() + "/" + hook.name(),
                        hook.arguments(),
                        scope,
                        hook.isExit() || node.isOnExit()));
    }

    /** What a hook's node is within the node that it belongs to. */
    public static Origin origin(Hook hook) {
        @Nullable String name = hook.isExit() ? null : hook.name();
        return new Origin(hook.isExit() ? Origin.Kind.EXIT_HOOK : Origin.Kind.HOOK, 0, -1, name);
    }
}
