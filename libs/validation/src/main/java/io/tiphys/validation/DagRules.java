package io.tiphys.validation;

import io.tiphys.api.Artifact;
import io.tiphys.api.DAGTask;
import io.tiphys.api.DAGTemplate;
import io.tiphys.api.Parameter;
import io.tiphys.expression.Depends;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A DAG: what tasks depend on, and that they refer only to what has run before them. */
final class DagRules {
    private final ResolvedTemplate resolved;
    private final TemplateChecks checks;
    private final KnownVariables known;
    private final Findings findings;
    private final DAGTemplate dag;
    private final List<Call> calls;
    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private final Map<String, Set<String>> dependencies = new LinkedHashMap<>();
    private final Set<String> dynamic = new HashSet<>();
    private final boolean hasDynamicNames;
    private final Map<String, Resolution> resolutions = new HashMap<>();

    private DagRules(ResolvedTemplate resolved, TemplateChecks checks, KnownVariables known) {
        this.resolved = resolved;
        this.checks = checks;
        this.known = known;
        this.findings = resolved.findings();
        this.dag = Objects.requireNonNull(resolved.template().dag());
        this.calls = resolved.calls().getLast();
        for (int i = 0; i < calls.size(); i++) {
            indexes.putIfAbsent(calls.get(i).name(), i);
        }
        this.hasDynamicNames = indexes.keySet().stream().anyMatch(Texts::hasTag);
    }

    /** Checks the tasks and adds their outputs to what is known. */
    static void check(ResolvedTemplate resolved, TemplateChecks checks, KnownVariables known) {
        new DagRules(resolved, checks, known).check();
    }

    private void check() {
        String tasksPath = resolved.path("dag.tasks");
        if (calls.isEmpty()) {
            findings.problem(tasksPath, "must have at least one task");
        }
        Names.check(
                dag.tasks(),
                DAGTask::name,
                name -> Names.templateNameProblem(Texts.withoutKnownTags(name, known)),
                tasksPath,
                findings);
        boolean usesDepends = dag.tasks().stream().anyMatch(task -> Call.isGiven(task.depends()));
        for (int i = 0; i < calls.size(); i++) {
            checkDependencies(dag.tasks().get(i), calls.get(i), usesDepends);
        }
        Cycles.find(dependencies)
                .ifPresent(cycle -> findings.problem(tasksPath, "depend on each other: " + String.join(" -> ", cycle)));
        checkTarget();
        addOutputsOfAllTasks();
        for (Call task : calls) {
            check(task);
        }
    }

    private void checkDependencies(DAGTask task, Call call, boolean usesDepends) {
        boolean usesDependencies = !task.dependencies().isEmpty();
        if (usesDepends && usesDependencies) {
            findings.problem(call.path("dependencies"), "can't be used in a DAG that uses depends");
        }
        if (usesDepends && task.continueOn() != null) {
            findings.problem(
                    call.path("continueOn"),
                    "can't be used in a DAG that uses depends; write " + task.name() + ".Failed or " + task.name()
                            + ".Errored in depends");
        }
        if ((usesDepends || usesDependencies) && task.name().matches("\\d.*")) {
            findings.problem(
                    call.path("name"), "\"" + task.name() + "\" can't start with a digit in a DAG with dependencies");
        }
        String depends = Call.text(task.depends());
        String field = depends.isEmpty() ? "dependencies" : "depends";
        Set<String> names = new LinkedHashSet<>(task.dependencies());
        if (!depends.isEmpty() && !Texts.hasTag(depends)) {
            names = checkDepends(depends, call.path("depends"));
        }
        if (Texts.hasTag(depends) || names.stream().anyMatch(Texts::hasTag)) {
            dynamic.add(task.name());
        }
        for (String name : names) {
            if (!indexes.containsKey(name) && !isDynamic(name)) {
                findings.problem(
                        call.path(field),
                        "task \"" + name + "\" not found" + Suggestions.known(name, indexes.keySet()));
            }
        }
        dependencies.putIfAbsent(task.name(), names);
    }

    /** Whether only a run can tell which task is meant: tags in the name of this one or of any. */
    private boolean isDynamic(String name) {
        return hasDynamicNames || Texts.hasTag(name);
    }

    private Set<String> checkDepends(String depends, String path) {
        return switch (Depends.compile(depends, _ -> Depends.ContinueOn.NOTHING)) {
            case Depends.Compilation.Invalid(var message) -> {
                findings.problem(path, "\"" + Suggestions.shortened(depends) + "\": " + message);
                yield Set.of();
            }
            case Depends.Compilation.Compiled(var compiled) -> {
                for (String loop : compiled.loopsExpected()) {
                    Integer index = indexes.get(loop);
                    if (index != null && !calls.get(index).loops()) {
                        findings.problem(
                                path,
                                "AnySucceeded and AllFailed need a loop, but task \"" + loop
                                        + "\" has no withItems, withParam or withSequence");
                    }
                }
                yield compiled.tasks();
            }
        };
    }

    private void checkTarget() {
        String target = Call.text(dag.target());
        if (target.isEmpty()) {
            return;
        }
        String path = resolved.path("dag.target");
        known.check(path, target, findings);
        if (Texts.hasTag(target)) {
            return;
        }
        for (String name : target.split(" ", -1)) {
            if (!indexes.containsKey(name)) {
                findings.problem(path, "task \"" + name + "\" not found" + Suggestions.known(name, indexes.keySet()));
            }
        }
    }

    /** Argo lets tasks and outputs refer to the outputs of any task; only its status must be that of an ancestor. */
    private void addOutputsOfAllTasks() {
        for (Call task : calls) {
            Resolution resolution = checks.resolver().resolve(task, resolved.source());
            resolutions.putIfAbsent(task.name(), resolution);
            if (Texts.hasTag(task.name())) {
                known.addAll("tasks."); // who refers to it may write its name as it will be
            }
            String prefix = "tasks." + task.name();
            CalledOutputs.add(prefix, callee(resolution), task.aggregates(), known);
            if (!task.hooks().isEmpty()) {
                known.add(prefix + ".status");
            }
        }
    }

    private static @Nullable ResolvedTemplate callee(@Nullable Resolution resolution) {
        return resolution instanceof ResolvedTemplate found ? found : null;
    }

    private void check(Call task) {
        KnownVariables here = known.child();
        Texts.forEach(task.tree(), task.path(), (_, text) -> addStatuses(task, text, here));
        LoopRules.check(task, here, findings);
        StepsRules.warnOfHooks(task, resolved.source(), findings);
        StepsRules.checkTexts(task, here, findings);
        ArgumentRules.check(task.arguments(), task.tree().path("arguments"), task.path("arguments"), false, findings);
        checkSources(task);
        StepsRules.checkResolution(task, Objects.requireNonNull(resolutions.get(task.name())), findings);
    }

    /** The statuses that a text of the task asks for, of tasks that have run before it. */
    private void addStatuses(Call task, String text, KnownVariables here) {
        for (String tag : Texts.tags(text)) {
            if (tag.startsWith("tasks.") && tag.endsWith(".status")) {
                String name = tag.substring("tasks.".length(), tag.length() - ".status".length());
                if (dependsOn(task.name(), name)) {
                    here.add(tag);
                }
            }
        }
    }

    /** Whether a task runs after another. Looks backwards only as far as it must: DAGs may be long chains. */
    private boolean dependsOn(String task, String other) {
        Set<String> seen = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>(direct(task));
        if (dynamic.contains(task)) {
            return true;
        }
        while (!waiting.isEmpty()) {
            String ancestor = waiting.removeFirst();
            if (ancestor.equals(other)) {
                return indexes.containsKey(other) && !other.equals(task);
            }
            if (dynamic.contains(ancestor)) {
                return true; // what it depends on is known when it runs
            }
            if (seen.add(ancestor)) {
                waiting.addAll(direct(ancestor));
            }
        }
        return false;
    }

    private Collection<String> direct(String name) {
        return dependencies.getOrDefault(name, Set.of());
    }

    /** An argument that is another task's output needs a dependency on that task. */
    private void checkSources(Call task) {
        List<Parameter> parameters = task.arguments().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            checkSource(parameters.get(i).value(), task.path("arguments.parameters[" + i + "].value"), task);
        }
        List<Artifact> artifacts = task.arguments().artifacts();
        for (int i = 0; i < artifacts.size(); i++) {
            checkSource(artifacts.get(i).from(), task.path("arguments.artifacts[" + i + "].from"), task);
        }
    }

    private void checkSource(@Nullable String value, String path, Call task) {
        if (value == null || !value.startsWith("{{tasks.")) {
            return;
        }
        String name = value.split("\\.", -1)[1];
        if (!dependsOn(task.name(), name)) {
            findings.problem(
                    path,
                    "refers to task \"" + name + "\", on which the task doesn't depend"
                            + Suggestions.known(name, direct(task.name())));
        }
    }
}
