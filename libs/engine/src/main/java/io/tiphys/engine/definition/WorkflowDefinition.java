package io.tiphys.engine.definition;

import io.tiphys.api.Arguments;
import io.tiphys.api.Parameter;
import io.tiphys.api.Template;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.Limits;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A workflow and all that it refers to, compiled for one run. Templates compile when they are first used and stay; the
 * thread that owns the run owns this, too.
 */
public final class WorkflowDefinition {
    private final Workflow workflow;
    private final References references;
    private final Limits limits;
    private final WorkflowSpec spec;
    private final @Nullable WorkflowSpec storedSpec;
    private final @Nullable String problem;
    private final TemplateScope localScope;
    private final Map<String, CompiledTemplate> compiled = new HashMap<>();
    private final Map<TemplateScope, Map<String, Template>> byScope = new HashMap<>();
    private final Map<String, Template> stored = new TreeMap<>();
    private final List<Hook> hooks;
    private final List<CompiledMetric> metrics;
    private final Callee entrypoint;
    private final Estimates estimates;
    private final @Nullable CompiledText synchronization;

    private WorkflowDefinition(Workflow workflow, References references, Limits limits, Estimates estimates) {
        this.workflow = workflow;
        this.references = references;
        this.limits = limits;
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
        if (base != null && ref != null) {
            String kind = ref.clusterScope() ? "cluster/" : "namespaced/";
            base.templates().forEach(template -> stored.put(kind + ref.name() + "/" + template.name(), template));
        }
        this.hooks = Hook.of(spec.hooks(), spec.onExit(), CompiledArguments.of(spec.arguments()));
        this.metrics = CompiledMetric.of(spec.metrics());
        this.synchronization = Locks.of(spec.synchronization());
        this.entrypoint = Callee.ofTemplate(spec.entrypoint() == null ? "" : spec.entrypoint());
    }

    /** Compiles a workflow; what is wrong with a template shows when a node uses it. */
    public static WorkflowDefinition compile(Workflow workflow, References references) {
        return compile(workflow, references, Limits.DEFAULT);
    }

    /** Compiles a workflow of which is known how long its like took. */
    public static WorkflowDefinition compile(Workflow workflow, References references, Estimates estimates) {
        return compile(workflow, references, Limits.DEFAULT, estimates);
    }

    /** Compiles a workflow of which no more may become than the limits say. */
    public static WorkflowDefinition compile(Workflow workflow, References references, Limits limits) {
        return compile(workflow, references, limits, Estimates.NONE);
    }

    /** Compiles a workflow of which no more may become than the limits say, and is known how long its like took. */
    public static WorkflowDefinition compile(
            Workflow workflow, References references, Limits limits, Estimates estimates) {
        return new WorkflowDefinition(workflow, references, limits, estimates);
    }

    /** How large its run may grow. */
    public Limits limits() {
        return limits;
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
        return stored;
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
        TemplateScope from = caller == null ? localScope : caller.scope();
        Template inline = callee.inline();
        if (inline != null) {
            String key = (caller == null ? from.keyPrefix() : caller.key()) + "/inline/" + unit;
            return new Resolution.Found(compiledInline(key, from, inline));
        }
        CompiledText refName = callee.refName();
        if (refName != null) {
            CompiledText refTemplate = callee.refTemplate();
            String resource = text(refName, scope);
            References.Key target = new References.Key(resource, callee.clusterScope());
            return find(TemplateScope.of(target), refTemplate == null ? "" : text(refTemplate, scope));
        }
        CompiledText name = callee.template();
        return find(from, name == null ? "" : text(name, scope));
    }

    /** The template with the key that a node carries, which is a fact: from now on the status shows it as stored. */
    public @Nullable CompiledTemplate byKey(String key) {
        CompiledTemplate template = known(key);
        if (template != null && isStored(key)) {
            stored.putIfAbsent(key, template.template());
        }
        return template;
    }

    private static boolean isStored(String key) {
        return !key.startsWith("local/") && !key.contains("/inline/");
    }

    private @Nullable CompiledTemplate known(String key) {
        CompiledTemplate known = compiled.get(key);
        if (known != null) {
            return known;
        }
        int inline = key.lastIndexOf("/inline/");
        if (inline >= 0) {
            CompiledTemplate parent = known(key.substring(0, inline));
            Unit unit = parent == null ? null : parent.unit(key.substring(inline + "/inline/".length()));
            Template template = unit == null ? null : unit.callee().inline();
            return parent == null || template == null ? null : compiledInline(key, parent.scope(), template);
        }
        String[] parts = key.split("/", 3);
        if (parts.length < 3) {
            return null;
        }
        TemplateScope scope = switch (parts[0]) {
            case "namespaced" -> new TemplateScope(TemplateScope.Kind.NAMESPACED, parts[1]);
            case "cluster" -> new TemplateScope(TemplateScope.Kind.CLUSTER, parts[1]);
            default -> localScope;
        };
        return find(scope, parts[2]) instanceof Resolution.Found(var template) ? template : null;
    }

    private Resolution find(TemplateScope scope, String name) {
        String key = scope.keyPrefix() + name;
        CompiledTemplate known = compiled.get(key);
        if (known != null) {
            return new Resolution.Found(known);
        }
        Map<String, Template> templates = byScope.get(scope);
        if (templates == null) {
            WorkflowSpec source = scope.kind() == TemplateScope.Kind.LOCAL
                    ? spec
                    : references.template(
                            new References.Key(scope.resource(), scope.kind() == TemplateScope.Kind.CLUSTER));
            if (source == null) {
                String kind =
                        scope.kind() == TemplateScope.Kind.CLUSTER ? "cluster workflow template" : "workflow template";
                return new Resolution.NotFound(kind + " \"" + scope.resource() + "\" not found");
            }
            templates = new LinkedHashMap<>();
            for (Template template : source.templates()) {
                templates.putIfAbsent(template.name() == null ? "" : template.name(), template);
            }
            byScope.put(scope, templates);
        }
        Template template = templates.get(name);
        if (template == null) {
            String where = scope.kind() == TemplateScope.Kind.LOCAL
                    ? "workflow \"" + name() + "\""
                    : scope.kind().text() + " template \"" + scope.resource() + "\"";
            return new Resolution.NotFound("template \"" + name + "\" not found in " + where + "; known: "
                    + String.join(", ", templates.keySet()));
        }
        return new Resolution.Found(compile(key, scope, template));
    }

    private CompiledTemplate compiledInline(String key, TemplateScope scope, Template template) {
        CompiledTemplate known = compiled.get(key);
        return known != null ? known : compile(key, scope, template);
    }

    private CompiledTemplate compile(String key, TemplateScope scope, Template template) {
        Template defaults = spec.templateDefaults();
        Template merged = defaults == null ? template : SpecMerge.over(defaults, template);
        CompiledTemplate fresh = new CompiledTemplate(key, scope, merged, spec.retryStrategy());
        compiled.put(key, fresh);
        return fresh;
    }

    /** Value of a workflow argument, or null if there is none. */
    public @Nullable String argument(String name, Map<String, String> overrides, Scope scope) {
        String override = overrides.get(name);
        if (override != null) {
            return override;
        }
        for (Parameter parameter : spec.arguments().parameters()) {
            if (parameter.name().equals(name)) {
                return value(parameter, scope);
            }
        }
        return null;
    }

    /** Value of a parameter that is written out, read from a ConfigMap, or defaulted; null if it has none. */
    public @Nullable String value(Parameter parameter, Scope scope) {
        String value = parameter.value();
        if (value == null && parameter.valueFrom() != null) {
            var ref = parameter.valueFrom().configMapKeyRef();
            if (ref != null) {
                Map<String, String> data =
                        references.configMaps().get(text(CompiledText.compile(orEmpty(ref.getName())), scope));
                value = data == null ? null : data.get(text(CompiledText.compile(orEmpty(ref.getKey())), scope));
            }
            if (value == null) {
                value = parameter.valueFrom().defaultValue();
            }
        }
        if (value == null) {
            value = parameter.defaultValue();
        }
        return value == null || !value.contains("{{") ? value : text(CompiledText.compile(value), scope);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String text(CompiledText text, Scope scope) {
        return switch (text.render(scope)) {
            case Rendering.Rendered(var rendered) -> rendered;
            case Rendering.Unresolved(var _, var rendered) -> rendered;
            case Rendering.Failed _ -> text.source();
        };
    }
}
