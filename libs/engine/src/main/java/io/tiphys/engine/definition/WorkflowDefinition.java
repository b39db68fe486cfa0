package io.tiphys.engine.definition;

import io.tiphys.api.Arguments;
import io.tiphys.api.Parameter;
import io.tiphys.api.Template;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Limits;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow and all that it refers to, compiled for one run. Templates compile when they are first used and stay; the
 * thread that owns the run owns this, too.
 */
public final class WorkflowDefinition {
    private static final String POD_NAME_FORMAT = "workflows.argoproj.io/pod-name-format";

    private final Workflow workflow;
    private final References references;
    private final EngineSettings settings;
    private final WorkflowSpec spec;
    private final @Nullable WorkflowSpec storedSpec;
    private final @Nullable String problem;
    private final TemplateScope localScope;
    private final CompiledTemplates templates;
    private final ParameterValues values;
    private final List<Hook> hooks;
    private final List<CompiledMetric> metrics;
    private final Callee entrypoint;
    private final Estimates estimates;
    private final @Nullable CompiledText synchronization;
    private final boolean podsAreNamedById;

    private WorkflowDefinition(Workflow workflow, References references, EngineSettings settings, Estimates estimates) {
        this.workflow = workflow;
        this.references = references;
        this.settings = settings;
        this.estimates = estimates;
        WorkflowSpec own = workflow.getSpec();
        WorkflowSpec base = null;
        String missing = null;
        var ref = own.workflowTemplateRef();
        if (ref != null) {
            String name = ref.name() == null ? "" : ref.name();
            base = references.template(new References.Key(name, ref.clusterScope()));
            if (base == null) {
                missing = (ref.clusterScope() ? "cluster workflow template" : "workflow template") + " \"" + name
                        + "\" not found";
            }
        }
        this.problem = missing;
        this.storedSpec = base == null ? null : SpecMerge.over(base, own);
        this.spec = storedSpec == null ? own : storedSpec;
        // Argo: a workflow that instantiates a template has no name of its own as a scope
        this.localScope = new TemplateScope(
                TemplateScope.Kind.LOCAL,
                storedSpec == null ? workflow.getMetadata().getName() : "");
        this.templates = new CompiledTemplates(name(), spec, references, localScope);
        this.values = new ParameterValues(spec.arguments().parameters(), references);
        if (base != null && ref != null) {
            String kind = ref.clusterScope() ? "cluster/" : "namespaced/";
            base.templates()
                    .forEach(template -> templates.stored().put(kind + ref.name() + "/" + template.name(), template));
        }
        this.hooks = Hook.of(spec.hooks(), spec.onExit(), CompiledArguments.of(spec.arguments()));
        this.metrics = CompiledMetric.of(spec.metrics());
        this.synchronization = Locks.of(spec.synchronization());
        Map<String, String> annotations = workflow.getMetadata().getAnnotations();
        this.podsAreNamedById = annotations != null && "v1".equals(annotations.get(POD_NAME_FORMAT));
        this.entrypoint = Callee.ofTemplate(spec.entrypoint() == null ? "" : spec.entrypoint());
    }

    /** Compiles a workflow; what is wrong with a template shows when a node uses it. */
    public static WorkflowDefinition compile(Workflow workflow, References references) {
        return compile(workflow, references, EngineSettings.DEFAULT, Estimates.NONE);
    }

    /** Compiles a workflow of which is known how long its like took. */
    public static WorkflowDefinition compile(Workflow workflow, References references, Estimates estimates) {
        return compile(workflow, references, EngineSettings.DEFAULT, estimates);
    }

    /** Compiles a workflow of which no more may become than the limits say. */
    public static WorkflowDefinition compile(Workflow workflow, References references, Limits limits) {
        return compile(workflow, references, EngineSettings.of(limits), Estimates.NONE);
    }

    /** Compiles a workflow that runs by an operator's settings, and of which is known how long its like took. */
    public static WorkflowDefinition compile(
            Workflow workflow, References references, EngineSettings settings, Estimates estimates) {
        return new WorkflowDefinition(workflow, references, settings, estimates);
    }

    /** Whether pods have the ids of their nodes for names, as in early versions of Argo, by the workflow's own annotation. */
    public boolean podsAreNamedById() {
        return podsAreNamedById;
    }

    /** What an operator decides for its run. */
    public EngineSettings settings() {
        return settings;
    }

    public Workflow workflow() {
        return workflow;
    }

    /** Name of the workflow. */
    public String name() {
        return workflow.getMetadata().getName();
    }

    public String namespace() {
        String namespace = workflow.getMetadata().getNamespace();
        return namespace == null ? "default" : namespace;
    }

    /** The locks to hold while the workflow runs, as JSON; null for none. */
    public @Nullable CompiledText synchronization() {
        return synchronization;
    }

    /** The spec that is executed: the workflow's own over that of the template that it instantiates. */
    public WorkflowSpec spec() {
        return spec;
    }

    /** What {@code status.storedWorkflowTemplateSpec} shows: {@link #spec} if the workflow instantiates a template, else null. */
    public @Nullable WorkflowSpec storedSpec() {
        return storedSpec;
    }

    public Estimates estimates() {
        return estimates;
    }

    public References references() {
        return references;
    }

    /** Why the workflow can't run at all, or null. */
    public @Nullable String problem() {
        return problem;
    }

    public TemplateScope localScope() {
        return localScope;
    }

    public Callee entrypoint() {
        return entrypoint;
    }

    /** Workflow-level hooks including the one named {@code exit}. */
    public List<Hook> hooks() {
        return hooks;
    }

    /** The workflow's own metrics. */
    public List<CompiledMetric> metrics() {
        return metrics;
    }

    public Arguments arguments() {
        return spec.arguments();
    }

    /** Templates of other objects that nodes were made from so far: {@code status.storedTemplates}. */
    public Map<String, Template> storedTemplates() {
        return templates.stored();
    }

    /** What a callee names, seen from a template's scope. */
    public sealed interface Resolution {
        record Found(CompiledTemplate template) implements Resolution {}

        record NotFound(String message) implements Resolution {}
    }

    /**
     * Finds the template that a step, task or hook calls.
     *
     * @param caller the template that calls; null for the workflow itself
     * @param unit name of the step or task, which names an inline template
     * @param scope values for tags in the name
     */
    public Resolution resolve(@Nullable CompiledTemplate caller, Callee callee, String unit, Scope scope) {
        return templates.resolve(caller, callee, unit, scope);
    }

    /** The template with the key that a node carries, which is a fact: from now on the status shows it as stored. */
    public @Nullable CompiledTemplate byKey(String key) {
        return templates.byKey(key);
    }

    /**
     * The template as a node of it knows it: the same for all, unless there are tags in the names of its steps or tasks.
     *
     * @param scope the node's inputs, and the workflow's variables
     */
    public CompiledTemplate filled(CompiledTemplate template, Scope scope) {
        return templates.filled(template, scope);
    }

    /** The template as a node of it knew it when it began, by its {@link CompiledTemplate#passingStructure}. */
    public CompiledTemplate filledAs(CompiledTemplate template, String structure) {
        return templates.filledAs(template, structure);
    }

    /** Value of a workflow argument, or null if there is none. */
    public @Nullable String argument(String name, Map<String, String> overrides, Scope scope) {
        return values.argument(name, overrides, scope);
    }

    /** Value of a parameter that is written out, read from a ConfigMap, or defaulted; null if it has none. */
    public @Nullable String value(Parameter parameter, Scope scope) {
        return values.value(parameter, scope);
    }
}
