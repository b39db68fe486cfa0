package io.tiphys.engine.definition;

import io.tiphys.api.Metadata;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The templates that a workflow has and refers to: found by name when they are first called, compiled, and kept. */
final class CompiledTemplates {
    /** Names that a message lists of those that are known; each of thousands of nodes may have one. */
    private static final int SHOWN = 8;

    private final String workflow;
    private final WorkflowSpec spec;
    private final FromSpec fromSpec;
    private final References references;
    private final TemplateScope localScope;
    private final Map<String, CompiledTemplate> compiled = new HashMap<>();
    private final Map<String, CompiledTemplate> filled = new HashMap<>();
    private final Map<TemplateScope, Map<String, Template>> byScope = new HashMap<>();
    private final Map<String, Template> stored = new TreeMap<>();

    /**
     * None yet.
     *
     * @param workflow name of the workflow
     * @param spec the spec that is executed
     */
    CompiledTemplates(String workflow, WorkflowSpec spec, References references, TemplateScope localScope) {
        this.workflow = workflow;
        this.spec = spec;
        this.fromSpec = FromSpec.of(spec);
        this.references = references;
        this.localScope = localScope;
    }

    /** Templates of other objects that nodes were made from so far. */
    Map<String, Template> stored() {
        return stored;
    }

    /**
     * Finds the template that a step, task or hook calls.
     *
     * @param caller the template that calls; null for the workflow itself
     * @param unit name of the step or task, which names an inline template
     * @param scope values for tags in the name
     */
    WorkflowDefinition.Resolution resolve(@Nullable CompiledTemplate caller, Callee callee, String unit, Scope scope) {
        TemplateScope from = caller == null ? localScope : caller.scope();
        Template inline = callee.inline();
        if (inline != null) {
            // by its name, as it will be found again when the node is restored
            Template named = caller == null ? null : caller.inline(unit);
            String key = inlineKey(caller == null ? from.keyPrefix() : caller.key(), unit);
            return new WorkflowDefinition.Resolution.Found(compiledInline(key, from, named == null ? inline : named));
        }
        CompiledText refName = callee.refName();
        if (refName != null) {
            CompiledText refTemplate = callee.refTemplate();
            String resource = FilledText.of(refName, scope);
            References.Key target = new References.Key(resource, callee.clusterScope());
            return find(TemplateScope.of(target), refTemplate == null ? "" : FilledText.of(refTemplate, scope));
        }
        CompiledText name = callee.template();
        return find(from, name == null ? "" : FilledText.of(name, scope));
    }

    /** The template with the key that a node carries, which is a fact: from now on the status shows it as stored. */
    @Nullable
    CompiledTemplate byKey(String key) {
        CompiledTemplate template = known(key);
        if (template != null && isStored(key)) {
            stored.putIfAbsent(key, template.template());
        }
        return template;
    }

    /**
     * The template as a node of it knows it: the same for all, unless there are tags in the names of its steps or tasks.
     *
     * @param scope the node's inputs, and the workflow's variables
     */
    CompiledTemplate filled(CompiledTemplate template, Scope scope) {
        Structure structure = template.structure();
        return structure == null ? template : filledAs(template, structure.filled(scope));
    }

    /** The template with its structure filled in as this text says. */
    CompiledTemplate filledAs(CompiledTemplate template, String text) {
        Structure structure = template.structure();
        if (structure == null) {
            return template;
        }
        return filled.computeIfAbsent(template.key() + "\n" + text, _ -> {
            CompiledTemplate made = new CompiledTemplate(
                    template.key(),
                    template.scope(),
                    structure.with(text),
                    fromSpec,
                    true,
                    structure.isPassing() ? text : null);
            made.units().forEach(unit -> {
                Template inline = unit.callee().inline();
                if (inline != null) { // nodes are restored by key, and this one has a name that only now is known
                    compiledInline(inlineKey(made.key(), unit.name()), made.scope(), inline);
                }
            });
            return made;
        });
    }

    private static String inlineKey(String caller, String unit) {
        return caller + "/inline/" + unit;
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
            Template template = parent == null ? null : parent.inline(key.substring(inline + "/inline/".length()));
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
        return find(scope, parts[2]) instanceof WorkflowDefinition.Resolution.Found(var template) ? template : null;
    }

    private WorkflowDefinition.Resolution find(TemplateScope scope, String name) {
        String key = scope.keyPrefix() + name;
        CompiledTemplate known = compiled.get(key);
        if (known != null) {
            return new WorkflowDefinition.Resolution.Found(known);
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
                return new WorkflowDefinition.Resolution.NotFound(kind + " \"" + scope.resource() + "\" not found");
            }
            templates = new LinkedHashMap<>();
            for (Template template : source.templates()) {
                templates.putIfAbsent(
                        template.name() == null ? "" : template.name(),
                        scope.kind() == TemplateScope.Kind.LOCAL ? template : withPodMetadata(template, source));
            }
            byScope.put(scope, templates);
        }
        Template template = templates.get(name);
        if (template == null) {
            String where = scope.kind() == TemplateScope.Kind.LOCAL
                    ? "workflow \"" + workflow + "\""
                    : scope.kind().text() + " template \"" + scope.resource() + "\"";
            return new WorkflowDefinition.Resolution.NotFound(
                    "template \"" + name + "\" not found in " + where + "; known: "
                            + templates.keySet().stream().limit(SHOWN).collect(Collectors.joining(", "))
                            + (templates.size() > SHOWN ? ", …" : ""));
        }
        return new WorkflowDefinition.Resolution.Found(compile(key, scope, template));
    }

    /** Argo: what another object says of all its pods comes along with its templates. */
    private static Template withPodMetadata(Template template, WorkflowSpec source) {
        Metadata ofPods = source.podMetadata();
        if (ofPods == null) {
            return template;
        }
        Map<String, String> annotations = new LinkedHashMap<>(ofPods.annotations());
        annotations.putAll(template.metadata().annotations());
        Map<String, String> labels = new LinkedHashMap<>(ofPods.labels());
        labels.putAll(template.metadata().labels());
        return template.withMetadata(new Metadata(annotations, labels));
    }

    private CompiledTemplate compiledInline(String key, TemplateScope scope, Template template) {
        CompiledTemplate known = compiled.get(key);
        return known != null ? known : compile(key, scope, template);
    }

    private CompiledTemplate compile(String key, TemplateScope scope, Template template) {
        Template defaults = spec.templateDefaults();
        Template merged = defaults == null ? template : SpecMerge.over(defaults, template);
        CompiledTemplate fresh = new CompiledTemplate(key, scope, merged, fromSpec);
        compiled.put(key, fresh);
        return fresh;
    }
}
