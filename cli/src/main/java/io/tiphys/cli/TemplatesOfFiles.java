package io.tiphys.cli;

import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.validation.TemplateLookup;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Templates that stand in the files of the same command, before those from elsewhere; of several with one name, the first. */
final class TemplatesOfFiles implements TemplateLookup {
    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, Optional<Object>> read = new ConcurrentHashMap<>();
    private final TemplateLookup elsewhere;

    TemplatesOfFiles(Collection<Manifest> all, TemplateLookup elsewhere) {
        this.elsewhere = elsewhere;
        for (Manifest manifest : all) {
            if (manifest.kind().endsWith("WorkflowTemplate")) {
                manifests.putIfAbsent(manifest.kind() + "/" + manifest.name(), manifest);
            }
        }
    }

    @Override
    public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
        WorkflowTemplate here = find("WorkflowTemplate/" + name, WorkflowTemplate.class);
        return here != null ? here : elsewhere.workflowTemplate(namespace, name);
    }

    @Override
    public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
        ClusterWorkflowTemplate here = find("ClusterWorkflowTemplate/" + name, ClusterWorkflowTemplate.class);
        return here != null ? here : elsewhere.clusterWorkflowTemplate(name);
    }

    /** A template that can't be read is reported where it stands, not where it is referred to. */
    private <T> @Nullable T find(String key, Class<T> type) {
        Manifest manifest = manifests.get(key);
        if (manifest == null) {
            return null;
        }
        Optional<Object> template = read.computeIfAbsent(key, _ -> {
            try {
                return Optional.of(manifest.as(type));
            } catch (InvalidManifestException e) {
                return Optional.empty();
            }
        });
        return template.map(type::cast).orElse(null);
    }
}
