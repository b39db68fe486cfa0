package io.tiphys.engine.rerun;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Run;
import io.tiphys.engine.command.Selection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes a retry of the workflow takes out, by Argo's rules: what failed and what was selected, with all that came after them; exit
 * handlers; where parameters change, the items of loops that run again. A failure that something went on from and succeeded (a task that
 * depends on it, {@code continueOn}, another attempt) stays. Linear in the nodes.
 */
final class Redone {
    private final Run run;
    private final Set<Node> selected;
    private final Map<Node, List<Node>> below = new HashMap<>();
    private final Set<Node> removed = new LinkedHashSet<>();

    private Redone(Run run, Set<Node> selected) {
        this.run = run;
        this.selected = selected;
        for (Node node : run.nodes()) {
            if (node.parent() != null) {
                below.computeIfAbsent(node.parent(), _ -> new ArrayList<>()).add(node);
            }
            if (node.boundary() != null && !node.boundary().equals(node.parent())) {
                below.computeIfAbsent(node.boundary(), _ -> new ArrayList<>()).add(node);
            }
        }
    }

    /** The nodes to take out, each before what hangs under it. */
    static Set<Node> of(Run run, Input.RetryRequested retry) {
        Set<Node> selected = new HashSet<>();
        if (retry.restartSuccessful() && !retry.selector().isEmpty()) {
            for (Node node : run.nodes()) {
                if (Selection.matches(retry.selector(), node)) {
                    selected.add(node);
                }
            }
        }
        Redone redone = new Redone(run, selected);
        redone.mark();
        if (!retry.parameters().isEmpty()) {
            redone.expandAgain();
        }
        redone.decideAgain();
        return redone.removed;
    }

    /** The same of a run that goes on: the chosen nodes that have ended, and what came after them. */
    static Set<Node> ofRunning(Run run, Input.RetryRequested retry) {
        Redone redone = new Redone(run, Set.of());
        for (Node node : run.nodes()) {
            boolean hasEnded = node.phase().isFailedOrError()
                    || (retry.restartSuccessful() && node.phase() == NodePhase.SUCCEEDED);
            if (hasEnded && Selection.matches(retry.selector(), node) && !isOfEarlierAttempt(node)) {
                redone.remove(node);
            }
        }
        Node exit = run.exit();
        if (!redone.removed.isEmpty() && exit != null) {
            redone.remove(exit);
        }
        redone.decideAgain();
        return redone.removed;
    }

    private void mark() {
        Set<Node> ledOn = ledToSuccess();
        for (Node node : List.copyOf(run.nodes())) {
            if (node.equals(run.exit()) || selected.contains(node) || hasFailedForGood(node, ledOn)) {
                remove(node);
            }
        }
    }

    private boolean hasFailedForGood(Node node, Set<Node> ledOn) {
        boolean didWork = isWork(node.type());
        if (!node.phase().isFailedOrError() || !didWork || isOfEarlierAttempt(node) || isWithinSuccess(node)) {
            return false;
        }
        Node whole = node.isAttempt() && node.parent() != null ? node.parent() : node;
        return !ledOn.contains(whole);
    }

    /** What failed, an exit handler maybe, and was forgiven: its group went on, and others have begun since. */
    private static boolean isWithinSuccess(Node node) {
        for (Node up = node.parent(); up != null; up = up.parent()) {
            if (isComposite(up.type()) && up.phase() == NodePhase.SUCCEEDED) {
                return true;
            }
        }
        return false;
    }

    /** Only the last attempt at a composite goes on; the earlier ones stay what they are. */
    private static boolean isOfEarlierAttempt(Node node) {
        for (Node up = node.parent(); up != null; up = up.parent()) {
            if (up.isAttempt() && up.parent() != null && !up.equals(lastAttempt(up.parent()))) {
                return true;
            }
        }
        return false;
    }

    private static Node lastAttempt(Node retry) {
        Node last = retry;
        for (Node attempt : retry.members()) {
            last = attempt.isAttempt() ? attempt : last;
        }
        return last;
    }

    /** Nodes that something succeeded after, in the graph of the status. Children are younger than their parents. */
    private Set<Node> ledToSuccess() {
        Set<Node> ledOn = new HashSet<>();
        for (Node node : List.copyOf(run.nodes()).reversed()) {
            for (Node child : node.children()) {
                boolean succeeded = child.phase() == NodePhase.SUCCEEDED && !selected.contains(child);
                if (succeeded || ledOn.contains(child)) {
                    ledOn.add(node);
                    break;
                }
            }
        }
        return ledOn;
    }

    /** Groups that run again make their items from the new parameters. */
    private void expandAgain() {
        for (Node group : reopened(removed)) {
            if (group.type() == NodeType.TASK_GROUP || group.type() == NodeType.STEP_GROUP) {
                group.children().forEach(this::remove);
            }
        }
    }

    /**
     * Tasks that were left out because of how one ended that runs again, on account of a hook of it for example, are no answer any more.
     * Tasks are younger than those that they depend on.
     */
    private void decideAgain() {
        Set<Node> again = reopened(removed);
        for (Node node : List.copyOf(run.nodes())) {
            Node boundary = node.boundary();
            if (node.phase() != NodePhase.OMITTED
                    || node.origin().kind() != Origin.Kind.TASK
                    || boundary == null
                    || boundary.template() == null) {
                continue;
            }
            for (int dependency :
                    boundary.template().dag().dependencies(node.origin().index())) {
                Node before = boundary.unitNode(dependency);
                if (before != null && (again.contains(before) || removed.contains(before))) {
                    remove(node);
                    break;
                }
            }
        }
    }

    private void remove(Node first) {
        Deque<Node> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            Node node = open.remove();
            if (!removed.add(node)) {
                continue;
            }
            Node parent = node.parent();
            if (parent != null && node.isAttempt() && !isComposite(node.type())) {
                open.addAll(below.getOrDefault(parent, List.of())); // attempts are counted from the start again
                if (!parent.equals(run.entry())) {
                    open.add(parent);
                }
            }
            if (parent != null && node.type() == NodeType.CONTAINER) {
                open.add(parent); // containers of a set share a pod
            }
            open.addAll(node.children());
            open.addAll(below.getOrDefault(node, List.of()));
        }
    }

    /** The groups around these nodes, which run again. */
    static Set<Node> reopened(Collection<Node> removed) {
        Set<Node> reopened = new LinkedHashSet<>();
        for (Node node : removed) {
            for (Node up = node.parent(); up != null && !removed.contains(up) && reopened.add(up); ) {
                up = up.parent();
            }
        }
        return reopened;
    }

    /** Argo: a suspend node that failed stays so, and so does what failed before it began; they fail whatever is around them again. */
    private static boolean isWork(NodeType type) {
        return switch (type) {
            case POD, CONTAINER, HTTP, PLUGIN -> true;
            default -> false;
        };
    }

    private static boolean isComposite(NodeType type) {
        return switch (type) {
            case STEPS, STEP_GROUP, DAG, TASK_GROUP, RETRY -> true;
            default -> false;
        };
    }
}
