package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.dag.DagTargets;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.DagPlan;
import io.tiphys.engine.definition.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the counters of {@link Family} in step with the nodes: the same rules for live facts and for restored records. */
final class Families {
    private Families() {}

    /** A step, a task, or an item of one: something that its parent counts. */
    static boolean isUnit(Node node) {
        return switch (node.origin.kind()) {
            case STEP, TASK, ITEM -> true;
            case ENTRY, STEP_GROUP, ATTEMPT, EXIT_HOOK, HOOK, CONTAINER -> false;
        };
    }

    /** Whether lifecycle hooks may have something to do with this node, so that it doesn't settle by itself. */
    static boolean needsHooks(Node node) {
        if (node.phase == NodePhase.SKIPPED || node.phase == NodePhase.OMITTED || !isUnit(node)) {
            return false;
        }
        Unit unit = node.unit();
        return unit != null && unit.hasHooks();
    }

    /** Makes a node known to its family. */
    static void attach(Node node) {
        Node parent = node.parent;
        if (node.type == NodeType.DAG && node.template != null) {
            plan(node, node.template);
        }
        if (parent == null) {
            if (node.origin.kind() == Origin.Kind.ENTRY) {
                node.run.entry = node;
            }
            return;
        }
        Family family = parent.makeFamily();
        switch (node.origin.kind()) {
            case ENTRY -> {}
            case STEP_GROUP -> {
                if (family.lastGroup == null) {
                    family.members.add(node.seq);
                } else {
                    Outbound.ofGroup(family.lastGroup, from -> link(from, node));
                }
                family.lastGroup = node;
                family.groups = node.origin.index() + 1;
            }
            case STEP -> {
                counted(family, node);
                family.nextUnit = node.origin.index() + 1;
                family.nextItem = 0;
                standFor(node);
            }
            case ITEM -> {
                counted(family, node);
                family.nextUnit = node.origin.unit();
                family.nextItem = node.origin.index() + 1;
                if (parent.type == NodeType.STEP_GROUP) {
                    standFor(node);
                }
            }
            case TASK -> attachTask(parent, family, node);
            case ATTEMPT -> {
                family.members.add(node.seq);
                family.attempts = node.origin.index() + 1;
                family.lastAttempt = node;
            }
            case EXIT_HOOK, HOOK -> attachHook(parent, family, node);
            case CONTAINER -> attachContainer(parent, family, node);
        }
    }

    private static void attachHook(Node parent, Family family, Node node) {
        family.openHooks++;
        family.addHook(node);
        boolean ofWorkflow = node.boundary == null && parent == node.run.entry;
        if (ofWorkflow && node.origin.kind() == Origin.Kind.EXIT_HOOK) {
            node.run.exit = node; // Argo: the workflow's exit handler hangs under nobody
        } else {
            family.members.add(node.seq);
        }
    }

    private static void attachTask(Node dag, Family family, Node node) {
        family.open++;
        standFor(node);
        if (family.dag != null) {
            family.dag.removeReady(node.origin.index());
        }
        if (dag.template == null) {
            return;
        }
        int[] dependencies = dag.template.dag().dependencies(node.origin.index());
        if (dependencies.length == 0) {
            family.members.add(node.seq);
        }
        for (int dependency : dependencies) {
            Node before = dag.unitNode(dependency);
            if (before != null) {
                Outbound.of(before, from -> link(from, node));
            }
        }
    }

    private static void attachContainer(Node pod, Family family, Node node) {
        family.containers.add(node.seq);
        List<String> dependencies = Containers.dependencies(pod, node.origin.index());
        if (dependencies.isEmpty()) {
            family.members.add(node.seq);
        }
        for (String dependency : dependencies) {
            Node before = Containers.find(pod, dependency);
            if (before != null) {
                link(before, node);
            }
        }
    }

    private static void counted(Family family, Node node) {
        family.open++;
        family.members.add(node.seq);
    }

    private static void standFor(Node node) {
        Unit unit = node.unit();
        Node boundary = node.boundary;
        if (unit == null || boundary == null || boundary.template == null) {
            return;
        }
        Family family = boundary.makeFamily();
        @Nullable Object[] units = family.units;
        if (units == null) {
            units = new @Nullable Object[boundary.template.unitCount()];
            family.units = units;
        }
        int ordinal = boundary.template.ordinal(unit);
        if (node.origin.kind() != Origin.Kind.ITEM) {
            units[ordinal] = node;
        } else if (units[ordinal] instanceof Family.LoopNodes loop) {
            loop.items.add(node);
        } else {
            Family.LoopNodes loop = new Family.LoopNodes();
            loop.items.add(node);
            units[ordinal] = loop;
        }
    }

    /** Nodes are attached one after the other, in order: a link that is there already is the last one. */
    private static void link(Node from, Node to) {
        IntList links = from.links;
        if (links == null) {
            links = new IntList();
            from.links = links;
        }
        if (links.size() > 0 && links.last() == to.seq) {
            return;
        }
        links.add(to.seq);
        from.run.touch(from);
    }

    private static void plan(Node node, CompiledTemplate template) {
        DagPlan plan = template.dag();
        int[] targets = DagTargets.of(node, plan);
        boolean[] needed = plan.needed(targets);
        int[] unmet = new int[needed.length];
        DagState state = new DagState(needed, targets, unmet);
        for (int task = 0; task < needed.length; task++) {
            unmet[task] = plan.dependencies(task).length;
            if (needed[task] && unmet[task] == 0) {
                state.addReady(task);
            }
        }
        node.makeFamily().dag = state;
    }

    /** Argo: a pod that waits for locks takes none of the workflow's slots. */
    static boolean takesPodSlot(Node node) {
        return node.type == NodeType.POD && !node.phase.isFulfilled() && !node.lacksLocks();
    }

    /** Adds the node to, or takes it from, what its boundary counts as active. */
    static void countActive(Node node, int by) {
        if ((by > 0 && node.phase.isFulfilled()) || !takesBoundarySlot(node.type)) {
            return;
        }
        if (node.boundary != null) {
            node.boundary.makeFamily().active += by;
        }
    }

    private static boolean takesBoundarySlot(NodeType type) {
        return type == NodeType.POD || type == NodeType.STEPS || type == NodeType.DAG;
    }

    /** Takes a settled step, task or item from its parent's open ones, and lets dependants go on. */
    static void countSettled(Node node) {
        Node parent = node.parent;
        if (parent == null) {
            return;
        }
        Family family = parent.makeFamily();
        family.open--;
        countFailed(node, family);
        DagState dag = family.dag;
        if (dag == null || parent.template == null || node.origin.kind() != Origin.Kind.TASK) {
            return;
        }
        for (int dependent : parent.template.dag().dependents(node.origin.index())) {
            if (--dag.unmet[dependent] == 0 && dag.needed[dependent] && parent.unitNode(dependent) == null) {
                dag.addReady(dependent);
            }
        }
    }

    /** Notes that something settled has failed: as it settled, or a daemon later. */
    static void countFailed(Node node, Family family) {
        if (!node.phase.isFailedOrError()) {
            return;
        }
        family.lastFailed = Math.max(family.lastFailed, node.seq);
        if (!node.continuesOn() && (family.firstFailed < 0 || node.seq < family.firstFailed)) {
            family.firstFailed = node.seq;
        }
        if (node.boundary != null) {
            Family around = node.boundary.makeFamily();
            around.failures++;
            boolean isFirst = around.failures == 1;
            if (isFirst && node.boundary.template != null && node.boundary.template.failFast()) {
                stopWaiting(node.boundary, around);
            }
        }
    }

    /** What waits for a slot below a boundary that fails fast won't get one any more. */
    private static void stopWaiting(Node boundary, Family around) {
        around.blocked.forEach(boundary.run::enqueue);
        boundary.run.work.stopWaiting(boundary);
    }

    static boolean isExecutable(NodeType type) {
        return switch (type) {
            case POD, CONTAINER, SUSPEND, HTTP, PLUGIN -> true;
            default -> false;
        };
    }
}
