package io.tiphys.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Manifest;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.engine.definition.ConfigMapArguments;
import io.tiphys.engine.definition.References;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the documents of a manifest file are to a run.
 *
 * @param workflows the workflows among them, with a name, a namespace and a uid where they have none; a cron workflow counts as the
 *     workflow that it makes, and where there is neither, a workflow template as one that runs it
 * @param references templates and ConfigMaps for parameters
 * @param limits data of all ConfigMaps, which semaphores may have their limits from: by {@code namespace/name}, with no namespace for
 *     the workflow's own
 */
public record Documents(List<Workflow> workflows, References references, Map<String, Map<String, String>> limits) {
    public Documents {
        workflows = List.copyOf(workflows);
        limits = Map.copyOf(limits);
    }

    public static Documents of(List<Manifest> manifests) {
        List<Workflow> workflows = new ArrayList<>();
        List<Workflow> ofTemplates = new ArrayList<>();
        Map<References.Key, WorkflowSpec> templates = new HashMap<>();
        Map<String, Map<String, String>> configMaps = new HashMap<>();
        Map<String, Map<String, String>> limits = new HashMap<>();
        for (Manifest manifest : manifests) {
            switch (manifest.kind()) {
                case "Workflow" -> workflows.add(manifest.as(Workflow.class));
                case "CronWorkflow" -> {
                    WorkflowSpec spec =
                            manifest.as(CronWorkflow.class).getSpec().workflowSpec();
                    workflows.add(workflow(manifest.name(), spec == null ? WorkflowSpec.NONE : spec));
                }
                case "WorkflowTemplate" -> {
                    WorkflowSpec spec = manifest.as(WorkflowTemplate.class).getSpec();
                    templates.put(new References.Key(manifest.name(), false), spec);
                    ofTemplates.add(workflow(manifest.name(), spec));
                }
                case "ClusterWorkflowTemplate" -> {
                    WorkflowSpec spec =
                            manifest.as(ClusterWorkflowTemplate.class).getSpec();
                    templates.put(new References.Key(manifest.name(), true), spec);
                    ofTemplates.add(workflow(manifest.name(), spec));
                }
                case "ConfigMap" -> {
                    Map<String, String> data = texts(manifest.tree().path("data"));
                    JsonNode metadata = manifest.tree().path("metadata");
                    limits.put(metadata.path("namespace").asText("") + "/" + manifest.name(), data);
                    if (ConfigMapArguments.isForParameters(texts(metadata.path("labels")))) {
                        configMaps.put(manifest.name(), data);
                    }
                }
                default -> {} // services and the like don't matter here
            }
        }
        List<Workflow> all = workflows.isEmpty() ? ofTemplates : workflows;
        all.forEach(Documents::identify);
        return new Documents(all, new References(templates, configMaps), limits);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static Workflow workflow(String name, WorkflowSpec spec) {
        ObjectMeta meta = new ObjectMeta();
        meta.setName(name);
        return new Workflow(meta, spec, WorkflowStatus.NONE);
    }

    private static void identify(Workflow workflow) {
        ObjectMeta meta = workflow.getMetadata();
        meta.setName(orElse(meta.getName(), "wf"));
        meta.setNamespace(orElse(meta.getNamespace(), "default"));
        meta.setUid(orElse(meta.getUid(), "00000000-0000-0000-0000-000000000001"));
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }
}
