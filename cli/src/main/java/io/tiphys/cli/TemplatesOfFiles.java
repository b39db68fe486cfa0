package io.tiphys.cli;

import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.validation.TemplateLookup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Templates that stand in other files of the same command, before those from elsewhere. */
record TemplatesOfFiles(List<Manifest> manifests, TemplateLookup elsewhere) implements TemplateLookup {
    TemplatesOfFiles {
        manifests = List.copyOf(manifests);
    }

    @Override
    public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
        WorkflowTemplate here = find("WorkflowTemplate", name, WorkflowTemplate.class);
        return here != null ? here : elsewhere.workflowTemplate(namespace, name);
    }

    @Override
    public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
        ClusterWorkflowTemplate here = find("ClusterWorkflowTemplate", name, ClusterWorkflowTemplate.class);
        return here != null ? here : elsewhere.clusterWorkflowTemplate(name);
    }

    /** A template that can't be read is reported where it stands, not where it is referred to. */
    private <T> @Nullable T find(String kind, String name, Class<T> type) {
        for (Manifest manifest : manifests) {
            if (manifest.kind().equals(kind) && manifest.name().equals(name)) {
                try {
                    return manifest.as(type);
                } catch (InvalidManifestException e) {
                    return null;
                }
            }
        }
        return null;
    }
}
