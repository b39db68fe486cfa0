package io.tiphys.engine.definition;

import io.tiphys.api.DAGTask;
import io.tiphys.api.LifecycleHook;
import io.tiphys.api.Template;
import io.tiphys.api.TemplateRef;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.WorkflowStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything outside the Workflow object that its run reads, frozen when the run starts: the specs of (cluster) workflow
 * templates, and the ConfigMaps that parameters come from.
 *
 * @param templates spec of each WorkflowTemplate or ClusterWorkflowTemplate
 * @param configMaps data of each ConfigMap of the workflow's namespace that carries the label for parameters
 */
public record References(Map<Key, WorkflowSpec> templates, Map<String, Map<String, String>> configMaps) {
    public static final References NONE = new References(Map.of(), Map.of());

    /** A WorkflowTemplate of the workflow's namespace or, with {@code clusterScope}, a ClusterWorkflowTemplate. */
    public record Key(String name, boolean clusterScope) {
        private static final Pattern TAG = Pattern.compile("\\{\\{.*?\\}\\}");

        boolean isTagged() {
            return name.contains("{{");
        }

        /** Whether the name could be that, whatever values its tags have. */
        public boolean mayMean(String actual) {
            String[] literals = TAG.split(name, -1);
            int at = 0;
            for (String literal : literals) {
                int found = actual.indexOf(literal, at);
                if (found < 0) {
                    return false;
                }
                at = found + literal.length();
            }
            return actual.startsWith(literals[0]) && actual.endsWith(literals[literals.length - 1]);
        }
    }

    public References {
        templates = Map.copyOf(templates);
        configMaps = Map.copyOf(configMaps);
    }

    public @Nullable WorkflowSpec template(Key key) {
        return templates.get(key);
    }

    /**
     * The same with what the workflow's status keeps of its templates, which counts over what has become of them since:
     * {@code storedTemplates} and {@code storedWorkflowTemplateSpec}.
     */
    public References frozenBy(Workflow workflow) {
        WorkflowStatus status = workflow.getStatus();
        Map<Key, WorkflowSpec> frozen = new HashMap<>(templates);
        status.storedTemplates().forEach((stored, template) -> {
            String[] parts = stored.split("/", 3);
            if (parts.length == 3 && !parts[0].equals("local") && !parts[2].contains("/inline/")) {
                Key key = new Key(parts[1], parts[0].equals("cluster"));
                frozen.put(key, with(frozen.getOrDefault(key, WorkflowSpec.NONE), template.withName(parts[2])));
            }
        });
        var ref = workflow.getSpec().workflowTemplateRef();
        WorkflowSpec spec = status.storedWorkflowTemplateSpec();
        if (ref != null && ref.name() != null && spec != null) {
            frozen.put(new Key(ref.name(), ref.clusterScope()), spec);
        }
        return new References(frozen, configMaps);
    }

    private static WorkflowSpec with(WorkflowSpec spec, Template template) {
        List<Template> all = new ArrayList<>(List.of(template)); // of several with a name the first one counts
        all.addAll(spec.templates());
        return spec.withTemplates(all);
    }

    /**
     * The templates that the workflow refers to, directly or through those that are already here, and that aren't here
     * yet. Fetch, add, ask again until it is empty; one that doesn't exist stays missing and fails the node that uses it.
     * References whose name holds a tag are {@link #patterns}.
     */
    public Set<Key> missing(Workflow workflow) {
        return referred(workflow, false);
    }

    /**
     * What the workflow and the templates that are here refer to by names with tags: which templates that will be isn't
     * known before the run comes there, so all whose names {@link Key#mayMean} may be asked for.
     */
    public Set<Key> patterns(Workflow workflow) {
        return referred(workflow, true);
    }

    private Set<Key> referred(Workflow workflow, boolean tagged) {
        Set<Key> seen = new LinkedHashSet<>();
        Set<Key> missing = new LinkedHashSet<>();
        Deque<WorkflowSpec> open = new ArrayDeque<>(List.of(workflow.getSpec()));
        while (!open.isEmpty()) {
            for (Key key : keysOf(open.remove())) {
                if (seen.add(key)) {
                    WorkflowSpec spec = templates.get(key);
                    if (spec == null) {
                        if (key.isTagged() == tagged) {
                            missing.add(key);
                        }
                    } else {
                        open.add(spec);
                    }
                }
            }
        }
        return missing;
    }

    /** ConfigMaps that parameters of the workflow and its templates may come from. */
    public Set<String> configMapNames(Workflow workflow) {
        Set<String> names = new LinkedHashSet<>();
        List<WorkflowSpec> specs = new ArrayList<>(List.of(workflow.getSpec()));
        specs.addAll(templates.values());
        for (WorkflowSpec spec : specs) {
            spec.arguments().parameters().forEach(parameter -> addConfigMap(names, parameter.valueFrom()));
            for (Template template : spec.templates()) {
                template.inputs().parameters().forEach(parameter -> addConfigMap(names, parameter.valueFrom()));
            }
        }
        return names;
    }

    private static void addConfigMap(Set<String> names, io.tiphys.api.@Nullable ValueFrom from) {
        if (from != null
                && from.configMapKeyRef() != null
                && from.configMapKeyRef().getName() != null) {
            names.add(from.configMapKeyRef().getName());
        }
    }

    private static Collection<Key> keysOf(WorkflowSpec spec) {
        Set<Key> keys = new LinkedHashSet<>();
        if (spec.workflowTemplateRef() != null && spec.workflowTemplateRef().name() != null) {
            keys.add(new Key(
                    spec.workflowTemplateRef().name(),
                    spec.workflowTemplateRef().clusterScope()));
        }
        spec.hooks().values().forEach(hook -> add(keys, hook));
        spec.templates().forEach(template -> add(keys, template));
        if (spec.templateDefaults() != null) {
            add(keys, spec.templateDefaults());
        }
        return keys;
    }

    private static void add(Set<Key> keys, Template template) {
        for (List<WorkflowStep> group : template.steps()) {
            for (WorkflowStep step : group) {
                add(keys, step.templateRef());
                step.hooks().values().forEach(hook -> add(keys, hook));
                if (step.inline() != null) {
                    add(keys, step.inline());
                }
            }
        }
        if (template.dag() != null) {
            for (DAGTask task : template.dag().tasks()) {
                add(keys, task.templateRef());
                task.hooks().values().forEach(hook -> add(keys, hook));
                if (task.inline() != null) {
                    add(keys, task.inline());
                }
            }
        }
    }

    private static void add(Set<Key> keys, LifecycleHook hook) {
        add(keys, hook.templateRef());
    }

    private static void add(Set<Key> keys, @Nullable TemplateRef ref) {
        if (ref != null && ref.name() != null) {
            keys.add(new Key(ref.name(), ref.clusterScope()));
        }
    }
}
