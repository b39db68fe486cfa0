package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.DAGTask;
import io.tiphys.api.Inputs;
import io.tiphys.api.RetryStrategy;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowStep;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Expr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A template with its defaults merged in and all of its tags parsed, once per run. */
public final class CompiledTemplate {
    private final String key;
    private final TemplateScope scope;
    private final Template template;
    private final TemplateKind kind;
    private final List<List<Unit>> groups;
    private final @Nullable DagPlan dag;
    private final Map<String, Unit> units;
    private final int[] offsets;
    private final @Nullable Structure structure;
    private final OutputsPlan outputs;
    private final @Nullable RetryStrategy retryStrategy;
    private final @Nullable CompiledText retryDocument;
    private final Expr.@Nullable Compilation retryExpression;
    private final @Nullable CompiledText memoize;
    private final List<CompiledMetric> metrics;
    private final @Nullable CompiledText displayName;
    private @Nullable CompiledText body;
    private final @Nullable CompiledText synchronization;
    private final Map<String, Template> inlines = new HashMap<>();
    private final boolean hasInputs;
    private final @Nullable String passingStructure;

    CompiledTemplate(String key, TemplateScope scope, Template template, FromSpec fromSpec) {
        this(key, scope, template, fromSpec, false, null);
    }

    /**
     * A template as its nodes know it.
     *
     * @param isFilled whether tags in its structure were filled in: who reads which result may be written with the tags, then
     * @param passingStructure see {@link #passingStructure()}
     */
    CompiledTemplate(
            String key,
            TemplateScope scope,
            Template template,
            FromSpec fromSpec,
            boolean isFilled,
            @Nullable String passingStructure) {
        this.passingStructure = passingStructure;
        this.key = key;
        this.scope = scope;
        this.template = template;
        this.kind = TemplateKind.of(template);
        boolean calls = kind == TemplateKind.STEPS || kind == TemplateKind.DAG;
        String text = calls ? json(template) : "";
        this.structure = calls && !isFilled ? Structure.of(template) : null;
        this.groups = kind == TemplateKind.STEPS ? groups(template, text, isFilled, fromSpec.arguments()) : List.of();
        this.units = new HashMap<>();
        groups.forEach(group -> group.forEach(unit -> units.put(unit.name(), unit)));
        this.dag = kind == TemplateKind.DAG ? dag(template, text, isFilled, fromSpec.arguments()) : null;
        if (dag != null) {
            dag.tasks().forEach(unit -> units.put(unit.name(), unit));
        }
        groups.forEach(group -> group.forEach(this::keepInline));
        if (dag != null) {
            dag.tasks().forEach(this::keepInline);
        }
        this.offsets = offsets(groups);
        this.outputs = OutputsPlan.of(template.outputs());
        this.retryStrategy = template.retryStrategy() != null ? template.retryStrategy() : fromSpec.retryStrategy();
        CompiledText retry = retryStrategy == null ? null : CompiledText.compileJson(json(retryStrategy));
        this.retryDocument = retry == null || retry.isConstant() ? null : retry;
        String expression = retryStrategy == null ? null : retryStrategy.expression();
        this.retryExpression = expression == null || expression.isBlank() ? null : Expr.compile(expression);
        this.metrics = CompiledMetric.of(template.metrics());
        this.memoize = template.memoize() == null ? null : CompiledText.compileJson(json(template.memoize()));
        String shown = template.annotations().get("workflows.argoproj.io/display-name");
        this.displayName = shown == null ? null : CompiledText.compile(shown);
        this.synchronization = Locks.of(template.synchronization());
        this.hasInputs = !template.inputs().parameters().isEmpty()
                || !template.inputs().artifacts().isEmpty();
    }

    /** Names it within the run: {@code local//name}, {@code namespaced/resource/name}, {@code …/inline/step}. */
    public String key() {
        return key;
    }

    public TemplateScope scope() {
        return scope;
    }

    public Template template() {
        return template;
    }

    /** Empty for an inline template. */
    public String name() {
        return template.name() == null ? "" : template.name();
    }

    public TemplateKind kind() {
        return kind;
    }

    public List<List<Unit>> groups() {
        return groups;
    }

    public DagPlan dag() {
        if (dag == null) {
            throw new IllegalStateException("template " + key + " is no dag");
        }
        return dag;
    }

    /** Number of steps in all groups, or of tasks. */
    public int unitCount() {
        return dag != null ? dag.tasks().size() : offsets.length == 0 ? 0 : offsets[offsets.length - 1];
    }

    /** Position of a step among the steps of all groups, or of a task among the tasks. */
    public int ordinal(Unit unit) {
        return unit.isTask() ? unit.index() : offsets[unit.group()] + unit.index();
    }

    Collection<Unit> units() {
        return units.values();
    }

    private void keepInline(Unit unit) {
        Template inline = unit.callee().inline();
        if (inline != null) {
            inlines.putIfAbsent(unit.name(), inline);
        }
    }

    /** The template that is written within the step or task of this name, the first one if there are several; null for none. */
    @Nullable
    Template inline(String unit) {
        return inlines.get(unit);
    }

    /** The step or task with this name, or null. */
    public @Nullable Unit unit(String name) {
        return units.get(name);
    }

    /** Tags in what says how its nodes hang together; null for none. */
    @Nullable
    Structure structure() {
        return structure;
    }

    /**
     * How tags in its structure were filled in, as text, if what they name can become something else while the workflow runs; null for
     * anything else.
     */
    public @Nullable String passingStructure() {
        return passingStructure;
    }

    public OutputsPlan outputs() {
        return outputs;
    }

    public boolean hasInputs() {
        return hasInputs;
    }

    /** The template's own retry strategy, else the workflow's, else null; with tags unless {@link #retryDocument} is null. */
    public @Nullable RetryStrategy retryStrategy() {
        return retryStrategy;
    }

    /** The retry strategy as JSON when it holds tags. */
    public @Nullable CompiledText retryDocument() {
        return retryDocument;
    }

    public Expr.@Nullable Compilation retryExpression() {
        return retryExpression;
    }

    /** What nodes are shown as, by the annotation {@code workflows.argoproj.io/display-name}; null for the usual. */
    public @Nullable CompiledText displayName() {
        return displayName;
    }

    public List<CompiledMetric> metrics() {
        return metrics;
    }

    /** {@code memoize} as JSON with tags, or null. */
    public @Nullable CompiledText memoize() {
        return memoize;
    }

    /** The locks to hold while a node of it runs, as JSON; null for none. */
    public @Nullable CompiledText synchronization() {
        return synchronization;
    }

    public boolean isDaemon() {
        return Boolean.TRUE.equals(template.daemon());
    }

    /** Limit of active direct children; null for none. */
    public @Nullable Long parallelism() {
        return template.parallelism();
    }

    public boolean failFast() {
        return Boolean.TRUE.equals(template.failFast());
    }

    /** The whole template but its inputs, as JSON with tags; compiled when first asked for. */
    public CompiledText body() {
        CompiledText compiled = body;
        if (compiled == null) {
            compiled = CompiledText.compileJson(json(template.withInputs(Inputs.NONE)));
            body = compiled;
        }
        return compiled;
    }

    private static int[] offsets(List<List<Unit>> groups) {
        int[] offsets = new int[groups.isEmpty() ? 0 : groups.size() + 1];
        for (int i = 0; i < groups.size(); i++) {
            offsets[i + 1] = offsets[i] + groups.get(i).size();
        }
        return offsets;
    }

    private static List<List<Unit>> groups(
            Template template, String text, boolean isFilled, CompiledArguments ofWorkflow) {
        List<List<Unit>> groups = new ArrayList<>();
        ReadResults read = ReadResults.in(text, "steps");
        for (List<WorkflowStep> group : template.steps()) {
            List<Unit> compiled = new ArrayList<>();
            for (WorkflowStep step : group) {
                boolean isRead = isFilled || read.contains(step.name());
                compiled.add(Unit.of(groups.size(), compiled.size(), step, isRead, ofWorkflow));
            }
            groups.add(List.copyOf(compiled));
        }
        return List.copyOf(groups);
    }

    private static DagPlan dag(Template template, String text, boolean isFilled, CompiledArguments ofWorkflow) {
        List<Unit> tasks = new ArrayList<>();
        ReadResults read = ReadResults.in(text, "tasks");
        var source = template.dag();
        if (source == null) {
            throw new IllegalStateException("no dag");
        }
        for (DAGTask task : source.tasks()) {
            tasks.add(Unit.of(tasks.size(), task, isFilled || read.contains(task.name()), ofWorkflow));
        }
        return new DagPlan(source, List.copyOf(tasks));
    }

    private static String json(Object value) {
        try {
            return ApiJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("template can't be written as JSON", e);
        }
    }
}
