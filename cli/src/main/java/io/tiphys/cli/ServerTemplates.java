package io.tiphys.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.validation.TemplateLookup;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The templates that a server has, asked for once each. */
final class ServerTemplates implements TemplateLookup {
    private final ArgoServer server;
    private final String defaultNamespace;
    private final Map<String, Optional<JsonNode>> known = new ConcurrentHashMap<>();

    ServerTemplates(ArgoServer server, String defaultNamespace) {
        this.server = server;
        this.defaultNamespace = defaultNamespace;
    }

    @Override
    public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
        String where = namespace.isEmpty() ? defaultNamespace : namespace;
        return get(ArgoKind.WORKFLOW_TEMPLATE.path(where, name), WorkflowTemplate.class);
    }

    @Override
    public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
        return get(ArgoKind.CLUSTER_WORKFLOW_TEMPLATE.path("", name), ClusterWorkflowTemplate.class);
    }

    private <T> @Nullable T get(String path, Class<T> type) {
        Optional<JsonNode> template = known.computeIfAbsent(path, this::fetch);
        try {
            return template.isEmpty() ? null : ApiJson.mapper().treeToValue(template.get(), type);
        } catch (JsonProcessingException e) {
            throw CommandFailure.invalid(
                    "the template that the server has at " + path + " can't be read: " + e.getOriginalMessage());
        }
    }

    private Optional<JsonNode> fetch(String path) {
        try {
            return Optional.of(server.get(path, Map.of()));
        } catch (CommandFailure failure) {
            if (failure.exitCode() == ExitCode.INVALID) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
