package io.tiphys.engine.adoption;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a status and where it stands in the tree of names. */
final class Place {
    final NodeStatus status;
    final @Nullable Place parent;
    final Origin origin;
    final @Nullable Place boundary;
    final boolean onExit;
    final List<Place> children = new ArrayList<>();

    @Nullable
    CompiledTemplate template;

    int seq = -1;

    Place(NodeStatus status, @Nullable Place parent, Origin origin) {
        this.status = status;
        this.parent = parent;
        this.origin = origin;
        this.boundary = boundary(parent, origin);
        this.onExit = origin.kind() == Origin.Kind.EXIT_HOOK || (parent != null && parent.onExit);
    }

    private static @Nullable Place boundary(@Nullable Place parent, Origin origin) {
        return switch (origin.kind()) {
            case ENTRY -> null;
            case STEP_GROUP, TASK, CONTAINER -> parent;
            case STEP, ITEM, ATTEMPT, EXIT_HOOK, HOOK -> parent == null ? null : parent.boundary;
        };
    }

    NodeType type() {
        return status.type();
    }

    boolean isFinal() {
        return status.phase().isFulfilled();
    }

    boolean isDaemoned() {
        return Boolean.TRUE.equals(status.daemoned()) && !isFinal();
    }

    /** The step or task that it is or is an item of. */
    @Nullable
    Unit unit() {
        CompiledTemplate caller = boundary == null ? null : boundary.template;
        if (caller == null || parent == null) {
            return null;
        }
        return switch (origin.kind()) {
            case STEP -> caller.groups().get(parent.origin.index()).get(origin.index());
            case TASK -> caller.dag().tasks().get(origin.index());
            case ITEM ->
                parent.type() == NodeType.STEP_GROUP
                        ? caller.groups().get(parent.origin.index()).get(origin.unit())
                        : caller.dag().tasks().get(origin.unit());
            case ENTRY, STEP_GROUP, ATTEMPT, EXIT_HOOK, HOOK, CONTAINER -> null;
        };
    }

    /** Whether its parent has counted it: final with nothing left to do for its hooks, or a daemon that is ready. */
    boolean isSettled() {
        Unit unit = unit();
        if (unit == null || !(isFinal() || isDaemoned())) {
            return false;
        }
        boolean passedBy = status.phase() == NodePhase.SKIPPED || status.phase() == NodePhase.OMITTED;
        return passedBy || !unit.hasHooks() || (parent != null && parent.isFinal());
    }

    /** A group that may lack some of its children. */
    boolean isOpenGroup() {
        return !isFinal() && (type() == NodeType.STEP_GROUP || type() == NodeType.TASK_GROUP);
    }

    /**
     * Children in the order in which they come to be: what others wait for before those, hooks last. Of steps whose group is open later
     * ones haven't ended yet, whatever a status says of them: they come once it is their turn.
     */
    List<Place> childrenInOrder() {
        List<Place> order = new ArrayList<>(children);
        order.sort(Comparator.comparingInt(Place::rank).thenComparingInt(place -> place.origin.index()));
        if (type() == NodeType.STEPS) {
            int open = order.stream()
                    .filter(place -> place.isStepGroup() && !place.isFinal())
                    .mapToInt(place -> place.origin.index())
                    .min()
                    .orElse(Integer.MAX_VALUE);
            order.removeIf(place -> place.isStepGroup() && place.isFinal() && place.origin.index() > open);
        }
        return order;
    }

    private boolean isStepGroup() {
        return origin.kind() == Origin.Kind.STEP_GROUP;
    }

    private int rank() {
        return switch (origin.kind()) {
            case TASK -> positionInDag();
            case CONTAINER -> positionInSet();
            case ITEM -> parent != null && parent.type() == NodeType.STEP_GROUP ? origin.unit() : 0;
            case STEP -> origin.index();
            case ENTRY, STEP_GROUP, ATTEMPT -> 0;
            case EXIT_HOOK, HOOK -> Integer.MAX_VALUE;
        };
    }

    private int positionInDag() {
        int[] order = parent == null || parent.template == null
                ? new int[0]
                : parent.template.dag().order();
        for (int i = 0; i < order.length; i++) {
            if (order[i] == origin.index()) {
                return i;
            }
        }
        return order.length;
    }

    private int positionInSet() {
        return parent == null || parent.template == null
                ? 0
                : Containers.order(parent.template).indexOf(origin.index());
    }
}
