package io.tiphys.engine.definition;

import io.tiphys.api.DAGTask;
import io.tiphys.api.DAGTemplate;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Depends;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a dag with their edges as numbers: who waits for whom, who is a leaf, and an order in which no task comes
 * before one that it depends on.
 */
public final class DagPlan {
    private final List<Unit> tasks;
    private final Map<String, Integer> indexes;
    private final @Nullable Depends[] depends;
    private final int[][] dependencies;
    private final int[][] dependents;
    private final int[] order;
    private final int[] leaves;
    private final @Nullable CompiledText target;
    private final boolean failFast;
    private final @Nullable String problem;

    DagPlan(DAGTemplate dag, List<Unit> tasks) {
        this.tasks = tasks;
        this.indexes = new HashMap<>();
        for (Unit task : tasks) {
            indexes.put(task.name(), task.index());
        }
        this.depends = new @Nullable Depends[tasks.size()];
        this.dependencies = new int[tasks.size()][];
        this.target = dag.target() == null || dag.target().isBlank() ? null : CompiledText.compile(dag.target());
        this.failFast = dag.failFast() == null || dag.failFast();
        List<String> problems = new ArrayList<>();
        compileDependencies(dag.tasks(), problems);
        this.dependents = reverse();
        this.order = topological(problems);
        this.leaves = findLeaves();
        this.problem = problems.isEmpty() ? null : problems.getFirst();
    }

    public List<Unit> tasks() {
        return tasks;
    }

    /** Index of the task, or -1. */
    public int indexOf(String task) {
        return indexes.getOrDefault(task, -1);
    }

    /** The condition of a task, or null if it depends on nothing. */
    public @Nullable Depends depends(int task) {
        return depends[task];
    }

    public int[] dependencies(int task) {
        return dependencies[task];
    }

    public int[] dependents(int task) {
        return dependents[task];
    }

    /** All tasks, dependencies first. */
    public int[] order() {
        return order;
    }

    /** Tasks that nobody depends on, by name. */
    public int[] leaves() {
        return leaves;
    }

    /** Names of the tasks that must run, space-separated; null for all leaves. */
    public @Nullable CompiledText target() {
        return target;
    }

    public boolean failFast() {
        return failFast;
    }

    /** Why the dag can't run at all: a condition that doesn't parse, an unknown task, a cycle. */
    public @Nullable String problem() {
        return problem;
    }

    /** Marks the tasks that the targets need, themselves included. */
    public boolean[] needed(int[] targets) {
        boolean[] needed = new boolean[tasks.size()];
        Deque<Integer> open = new ArrayDeque<>();
        for (int target : targets) {
            open.add(target);
        }
        while (!open.isEmpty()) {
            int task = open.remove();
            if (!needed[task]) {
                needed[task] = true;
                for (int dependency : dependencies[task]) {
                    open.add(dependency);
                }
            }
        }
        return needed;
    }

    private void compileDependencies(List<DAGTask> source, List<String> problems) {
        Depends.Tasks continueOn = name -> {
            int index = indexOf(name);
            return index < 0
                    ? Depends.ContinueOn.NOTHING
                    : new Depends.ContinueOn(
                            tasks.get(index).continueOnError(), tasks.get(index).continueOnFailed());
        };
        for (int i = 0; i < tasks.size(); i++) {
            DAGTask task = source.get(i);
            Depends condition = null;
            if (task.depends() != null && !task.depends().isBlank()) {
                switch (Depends.compile(task.depends(), continueOn)) {
                    case Depends.Compilation.Compiled(var compiled) -> condition = compiled;
                    case Depends.Compilation.Invalid(var message) ->
                        problems.add("task '" + task.name() + "': " + message);
                }
            } else if (!task.dependencies().isEmpty()) {
                condition = Depends.ofDependencies(task.dependencies(), continueOn);
            }
            depends[i] = condition;
            dependencies[i] = condition == null ? new int[0] : indexesOf(task.name(), condition, problems);
        }
    }

    private int[] indexesOf(String task, Depends condition, List<String> problems) {
        List<Integer> found = new ArrayList<>();
        for (String name : condition.tasks()) {
            int index = indexOf(name);
            if (index < 0) {
                problems.add("task '" + task + "' depends on '" + name + "', which is no task of this dag");
            } else {
                found.add(index);
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private int[][] reverse() {
        int[] counts = new int[tasks.size()];
        for (int[] own : dependencies) {
            for (int dependency : own) {
                counts[dependency]++;
            }
        }
        int[][] reversed = new int[tasks.size()][];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = new int[counts[i]];
        }
        int[] filled = new int[tasks.size()];
        for (int i = 0; i < dependencies.length; i++) {
            for (int dependency : dependencies[i]) {
                reversed[dependency][filled[dependency]++] = i;
            }
        }
        return reversed;
    }

    private int[] topological(List<String> problems) {
        int[] unmet = new int[tasks.size()];
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < unmet.length; i++) {
            unmet[i] = dependencies[i].length;
            if (unmet[i] == 0) {
                open.add(i);
            }
        }
        int[] sorted = new int[tasks.size()];
        int count = 0;
        while (!open.isEmpty()) {
            int task = open.remove();
            sorted[count++] = task;
            for (int dependent : dependents[task]) {
                if (--unmet[dependent] == 0) {
                    open.add(dependent);
                }
            }
        }
        if (count < sorted.length) {
            var inCycle = new TreeSet<String>();
            for (int i = 0; i < unmet.length; i++) {
                if (unmet[i] > 0) {
                    inCycle.add(tasks.get(i).name());
                }
            }
            problems.add("the dependencies of tasks " + String.join(", ", inCycle) + " form a cycle");
        }
        return Arrays.copyOf(sorted, count);
    }

    private int[] findLeaves() {
        List<Unit> found = new ArrayList<>();
        for (Unit task : tasks) {
            if (dependents[task.index()].length == 0) {
                found.add(task);
            }
        }
        found.sort(java.util.Comparator.comparing(Unit::name));
        return found.stream().mapToInt(Unit::index).toArray();
    }
}
