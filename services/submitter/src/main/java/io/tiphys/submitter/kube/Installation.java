package io.tiphys.submitter.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.config.InstanceConfig;
import io.tiphys.submitter.rest.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Which of several installations in a cluster this is: only what bears its id is its own or, without an id, what bears none (Argo:
 * util/instanceid/service.go). Bindings of events are everybody's, as in Argo.
 */
@ApplicationScoped
class Installation {
    private static final String LABEL = "workflows.argoproj.io/controller-instanceid";

    private final Optional<String> id;

    Installation(InstanceConfig config) {
        this.id = config.instanceId().filter(text -> !text.isBlank());
    }

    private static boolean isShared(ArgoKind kind) {
        return kind == ArgoKind.WORKFLOW_EVENT_BINDING;
    }

    /** The object as one of this installation. */
    ObjectNode labelled(ArgoKind kind, ObjectNode object) {
        boolean hasLabel = object.path("metadata").path("labels").has(LABEL);
        if (isShared(kind) || (id.isEmpty() && !hasLabel)) {
            return object;
        }
        ObjectNode labelled = object.deepCopy();
        ObjectNode labels = child(child(labelled, "metadata"), "labels");
        id.ifPresentOrElse(value -> labels.put(LABEL, value), () -> labels.remove(LABEL));
        return labelled;
    }

    /** The selector with the condition that it be this installation's. */
    String select(ArgoKind kind, String labels) {
        if (isShared(kind)) {
            return labels;
        }
        String own = id.map(value -> LABEL + "=" + value).orElse("!" + LABEL);
        return labels.isEmpty() ? own : labels + "," + own;
    }

    /** Refuses an object of another installation. */
    ObjectNode requireOwn(ArgoKind kind, ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        JsonNode label = metadata.path("labels").path(LABEL);
        boolean isOwn = id.map(value -> value.equals(label.asText())).orElse(label.isMissingNode());
        if (!isShared(kind) && !isOwn) {
            throw ApiException.invalid(
                    "'" + metadata.path("name").asText() + "' is not managed by the current Argo Server");
        }
        return object;
    }

    private static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode present ? present : parent.putObject(field);
    }
}
