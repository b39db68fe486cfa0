package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.SpecMerge;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What workflows have where they say nothing, Argo's {@code workflowDefaults}: labels, annotations and spec. A workflow that
 * instantiates a template lies over the template, and that over the defaults (Argo: workflow/util/merge.go JoinWorkflowSpec).
 *
 * @param workflow null for none
 */
public record WorkflowDefaults(@Nullable Workflow workflow) {
    public static final WorkflowDefaults NONE = new WorkflowDefaults(null);

    /** The workflow with what the defaults add to it; to one that instantiates a template that is only metadata. */
    Workflow on(Workflow own) {
        if (workflow == null) {
            return own;
        }
        ObjectMeta meta = own.getMetadata();
        ObjectMeta defaults = Optional.ofNullable(workflow.getMetadata()).orElseGet(ObjectMeta::new);
        Workflow decorated = own.withMetadata(new ObjectMetaBuilder(meta)
                .withLabels(over(defaults.getLabels(), meta.getLabels()))
                .withAnnotations(over(defaults.getAnnotations(), meta.getAnnotations()))
                .build());
        return decorated.withSpec(on(own.getSpec()));
    }

    /** The spec with what the defaults add to it; nothing if it instantiates a template. */
    public WorkflowSpec on(WorkflowSpec own) {
        return workflow == null || own.workflowTemplateRef() != null ? own : SpecMerge.over(workflow.getSpec(), own);
    }

    /** The same with the defaults below the template that the workflow instantiates. */
    References below(References references, Workflow own) {
        var ref = own.getSpec().workflowTemplateRef();
        if (workflow == null || ref == null || ref.name() == null) {
            return references;
        }
        References.Key key = new References.Key(ref.name(), ref.clusterScope());
        WorkflowSpec template = references.template(key);
        if (template == null) {
            return references;
        }
        Map<References.Key, WorkflowSpec> templates = new HashMap<>(references.templates());
        templates.put(key, SpecMerge.over(workflow.getSpec(), template));
        return new References(templates, references.configMaps());
    }

    /** Labels and annotations of the defaults that a workflow of these labels and annotations hasn't got. */
    StartMetadata missing(Workflow own) {
        if (workflow == null) {
            return StartMetadata.NONE;
        }
        Map<String, String> labels = new HashMap<>(on(own).getMetadata().getLabels());
        Map<String, String> annotations = new HashMap<>(on(own).getMetadata().getAnnotations());
        labels.keySet().removeAll(keys(own.getMetadata().getLabels()));
        annotations.keySet().removeAll(keys(own.getMetadata().getAnnotations()));
        return new StartMetadata(labels, annotations);
    }

    private static Set<String> keys(@Nullable Map<String, String> map) {
        return map == null ? Set.of() : map.keySet();
    }

    private static Map<String, String> over(@Nullable Map<String, String> base, @Nullable Map<String, String> top) {
        Map<String, String> merged = new HashMap<>(base == null ? Map.of() : base);
        merged.putAll(top == null ? Map.of() : top);
        return merged;
    }
}
