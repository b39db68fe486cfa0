package io.tiphys.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a node knows of its children: counters kept up as they change, so that nobody has to walk them. */
public final class Family {
    /** Children that hang under the node, in order of creation. */
    final IntList members = new IntList();

    /** Containers of a pod with several, in the template's order of creation. */
    final IntList containers = new IntList();

    /** Children not settled yet. */
    int open;

    /** Lowest seq of a child whose failure counts, -1 for none. */
    int firstFailed = -1;

    /** Highest seq of a child that failed, -1 for none. */
    int lastFailed = -1;

    /** Hook nodes not final yet. */
    int openHooks;

    /** Hook nodes, of which there are few; null for none. */
    private @Nullable List<Node> hooks;

    /** Pods, steps and dags right below this boundary that are pending or running. */
    int active;

    /** Children of this boundary that failed. */
    int failures;

    /** Nodes that run as daemons within this boundary; null for none so far. */
    private @Nullable Set<Node> daemons;

    /** Where the making of children stands: next step, and next item of its loop. */
    int nextUnit;

    int nextItem;

    @Nullable
    Node lastAttempt;

    int attempts;
    int groups;

    @Nullable
    Node lastGroup;

    /** Nodes of the steps or tasks of this boundary by ordinal: the node, or the loop's node list. */
    @Nullable
    Object @Nullable [] units;

    /** Composites below this boundary that wait for one of its slots. */
    final LinkedHashSet<Node> blocked = new LinkedHashSet<>(1);

    @Nullable
    DagState dag;

    /** Memo: expanded loops by unit, aggregated outputs by name. Not state; may be dropped any time. */
    private @Nullable Map<Object, Object> memo;

    /** Items of a loop in a steps template, which have no node of their own to hang under. */
    static final class LoopNodes {
        final List<Node> items = new ArrayList<>();
    }

    public int open() {
        return open;
    }

    public int firstFailed() {
        return firstFailed;
    }

    public int lastFailed() {
        return lastFailed;
    }

    public int openHooks() {
        return openHooks;
    }

    /** Nodes of hooks that have fired, in order of creation. */
    public List<Node> hooks() {
        return hooks == null ? List.of() : Collections.unmodifiableList(hooks);
    }

    void addHook(Node hook) {
        if (hooks == null) {
            hooks = new ArrayList<>(1);
        }
        hooks.add(hook);
    }

    public int active() {
        return active;
    }

    public int failures() {
        return failures;
    }

    /** Nodes that run as daemons within this boundary, in order of creation. */
    public List<Node> daemons() {
        return daemons == null
                ? List.of()
                : daemons.stream().sorted(Comparator.comparingInt(Node::seq)).toList();
    }

    void addDaemon(Node node) {
        if (daemons == null) {
            daemons = new LinkedHashSet<>(2);
        }
        daemons.add(node);
    }

    void removeDaemon(Node node) {
        if (daemons != null) {
            daemons.remove(node);
        }
    }

    public int nextUnit() {
        return nextUnit;
    }

    public int nextItem() {
        return nextItem;
    }

    public int attempts() {
        return attempts;
    }

    public @Nullable Node lastAttempt() {
        return lastAttempt;
    }

    /** The step group that runs, or ran last. */
    public @Nullable Node lastGroup() {
        return lastGroup;
    }

    /** Number of step groups so far. */
    public int groups() {
        return groups;
    }

    public @Nullable DagState dag() {
        return dag;
    }

    public @Nullable Object memo(Object key) {
        return memo == null ? null : memo.get(key);
    }

    public void memo(Object key, Object value) {
        if (memo == null) {
            memo = new HashMap<>();
        }
        memo.put(key, value);
    }
}
