package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A kind of object that the server takes, and where. */
enum ArgoKind {
    WORKFLOW("Workflow", "workflows", "workflow", true),
    WORKFLOW_TEMPLATE("WorkflowTemplate", "workflow-templates", "template", true),
    CLUSTER_WORKFLOW_TEMPLATE("ClusterWorkflowTemplate", "cluster-workflow-templates", "template", false),
    CRON_WORKFLOW("CronWorkflow", "cron-workflows", "cronWorkflow", true);

    private final String kind;
    private final String resource;
    private final String field;
    private final boolean namespaced;

    ArgoKind(String kind, String resource, String field, boolean namespaced) {
        this.kind = kind;
        this.resource = resource;
        this.field = field;
        this.namespaced = namespaced;
    }

    /** The kind of that name, or a failure that lists the known ones. */
    static ArgoKind of(String kind, String source) {
        return Arrays.stream(values())
                .filter(known -> known.kind.equals(kind))
                .findFirst()
                .orElseThrow(() -> CommandFailure.invalid(source + ": kind \"" + kind + "\" can't be submitted; known: "
                        + Arrays.stream(values()).map(known -> known.kind).collect(Collectors.joining(", "))));
    }

    /** As manifests call it. */
    String kind() {
        return kind;
    }

    boolean isNamespaced() {
        return namespaced;
    }

    /** {@code workflowtemplate/x}, as kubectl writes it. */
    String label(String name) {
        return kind.toLowerCase(java.util.Locale.ROOT) + "/" + name;
    }

    String path(String namespace, String... more) {
        List<String> parts = new java.util.ArrayList<>();
        parts.add(resource);
        if (namespaced) {
            parts.add(namespace);
        }
        parts.addAll(List.of(more));
        return ArgoServer.path(parts.toArray(String[]::new));
    }

    /** The request that carries an object of this kind. */
    ObjectNode request(String namespace, JsonNode object) {
        ObjectNode request = Json.object();
        if (namespaced) {
            request.put("namespace", namespace);
        }
        request.set(field, object);
        return request;
    }
}
