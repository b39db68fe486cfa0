package io.tiphys.validation;

import io.tiphys.api.ArgoResource;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.WorkflowTemplate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Templates that stand in the same files, before those from elsewhere. */
final class TemplatesAmong implements TemplateLookup {
    private final Map<String, WorkflowTemplate> namespaced = new HashMap<>();
    private final Map<String, ClusterWorkflowTemplate> cluster = new HashMap<>();
    private final TemplateLookup others;

    TemplatesAmong(Collection<? extends ArgoResource<?>> objects, TemplateLookup others) {
        this.others = others;
        for (ArgoResource<?> object : objects) {
            switch (object) {
                case WorkflowTemplate template -> namespaced.put(key(template), template);
                case ClusterWorkflowTemplate template ->
                    cluster.put(template.getMetadata().getName(), template);
                default -> {
                    // holds no templates for others
                }
            }
        }
    }

    private static String key(WorkflowTemplate template) {
        String namespace = template.getMetadata().getNamespace();
        return (namespace == null ? "" : namespace) + "/"
                + template.getMetadata().getName();
    }

    /** One without a namespace will be created where the one that refers to it is. */
    @Override
    public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
        WorkflowTemplate here = namespaced.get(namespace + "/" + name);
        if (here == null) {
            here = namespaced.get("/" + name);
        }
        return here != null ? here : others.workflowTemplate(namespace, name);
    }

    @Override
    public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
        ClusterWorkflowTemplate here = cluster.get(name);
        return here != null ? here : others.clusterWorkflowTemplate(name);
    }
}
