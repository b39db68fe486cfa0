package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import java.io.IOException;
import java.util.Map;

/**
 * Reads workflows as far as the controller goes by them. Nothing begins any more of one that has completed and is being deleted: its
 * nodes, most of the object, are read over. Of one that is gone only the metadata is read.
 */
final class WorkflowReader implements ListWatch.Reader<Workflow> {
    private static final String COMPLETED = "workflows.argoproj.io/completed";
    private static final ObjectMapper MAPPER = ApiJson.mapper();

    @Override
    public Watched<Workflow> read(JsonParser json) throws IOException {
        ObjectMeta metadata = null;
        WorkflowSpec spec = null;
        WorkflowStatus status = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "metadata" -> metadata = MAPPER.readValue(json, ObjectMeta.class);
                case "spec" -> spec = MAPPER.readValue(json, WorkflowSpec.class);
                case "status" -> // metadata comes before it, but for servers that don't sort; then all of it is read
                    status = metadata != null && isLeaving(metadata)
                            ? withoutNodes(json)
                            : MAPPER.readValue(json, WorkflowStatus.class);
                default -> json.skipChildren();
            }
        }
        return watched(new Workflow(metadata, spec, status));
    }

    /** Stops after the metadata. */
    @Override
    public Watched<Workflow> readGone(JsonParser json) throws IOException {
        ObjectMeta metadata = null;
        while (metadata == null && json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isMetadata = json.currentName().equals("metadata");
            json.nextToken();
            if (isMetadata) {
                metadata = MAPPER.readValue(json, ObjectMeta.class);
            } else {
                json.skipChildren();
            }
        }
        return watched(new Workflow(metadata, null, null));
    }

    private static Watched<Workflow> watched(Workflow workflow) {
        ObjectMeta metadata = workflow.getMetadata();
        boolean isWhole = metadata != null && metadata.getUid() != null; // a bookmark isn't
        String version = metadata == null || metadata.getResourceVersion() == null ? "" : metadata.getResourceVersion();
        return new Watched<>(version, isWhole ? workflow : null);
    }

    private static boolean isLeaving(ObjectMeta metadata) {
        Map<String, String> labels = metadata.getLabels();
        return metadata.getDeletionTimestamp() != null && labels != null && "true".equals(labels.get(COMPLETED));
    }

    private static WorkflowStatus withoutNodes(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return MAPPER.readValue(json, WorkflowStatus.class);
        }
        ObjectNode kept = MAPPER.createObjectNode();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("nodes") || field.equals("compressedNodes")) {
                json.skipChildren();
            } else {
                JsonNode value = MAPPER.readTree(json);
                kept.set(field, value);
            }
        }
        return MAPPER.treeToValue(kept, WorkflowStatus.class);
    }
}
