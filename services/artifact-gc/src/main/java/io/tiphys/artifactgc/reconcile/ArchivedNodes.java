package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.GcPlan;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of workflows that have too many for their status ({@code offloadNodeStatusVersion}), from the archive: those that have artifacts,
 * and of these what deletion goes by. The first node is always among them, so that a workflow whose nodes are known can be told from
 * one whose nodes aren't. The archive reads what happens from Kafka and may be behind by seconds.
 */
final class ArchivedNodes {
    private static final List<String> KEPT =
            List.of("id", "name", "type", "phase", "templateName", "templateScope", "templateRef", "inputs", "outputs");
    private static final List<String> OPEN = List.of("", "Pending", "Running");

    private final Archive archive;

    ArchivedNodes(Archive archive) {
        this.archive = archive;
    }

    /**
     * The workflow with its nodes; as it is if they are in its status, or if the archive knows none.
     *
     * @throws GcFailedException if the archive can't be asked, or doesn't know the end of a workflow that has ended
     */
    Workflow complete(Workflow workflow) {
        WorkflowStatus status = workflow.getStatus();
        if (!status.nodes().isEmpty() || !GcPlan.areNodesElsewhere(status)) {
            return workflow;
        }
        String namespace = workflow.getMetadata().getNamespace();
        String what = "what the nodes of workflow %s/%s have written"
                .formatted(namespace, workflow.getMetadata().getName());
        Optional<String> hash = PackedJson.hashIn(status.offloadNodeStatusVersion());
        Optional<Found> found = hash.isPresent()
                ? archive.read(what, Archive.blob(namespace, hash.get()), body -> read(new GZIPInputStream(body)))
                : archive.read(
                        what,
                        "/v1/workflows/"
                                + Archive.segment(workflow.getMetadata().getUid()) + "/nodes",
                        ArchivedNodes::read);
        if (found.isEmpty() || found.get().nodes().isEmpty()) {
            return workflow;
        }
        if (GcPlan.isCompleted(workflow) && found.get().open() != null) {
            throw new GcFailedException(what + " is not all in the archive yet: node "
                    + found.get().open() + " has ended, and is still open there");
        }
        return workflow.withStatus(status.withNodes(found.get().nodes()));
    }

    /**
     * What was read.
     *
     * @param open a node that has not ended, if there is one
     */
    private record Found(
            Map<String, NodeStatus> nodes, @Nullable String open) {}

    /** Of {@code {"nodes": {id: …}}} or of the nodes alone. */
    private static Found read(InputStream body) throws IOException {
        Map<String, NodeStatus> nodes = new LinkedHashMap<>();
        String open = null;
        try (JsonParser parser = ApiJson.mapper().getFactory().createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String id = parser.currentName();
                parser.nextToken();
                if (id.equals("nodes") && nodes.isEmpty()) {
                    continue; // into it
                }
                ObjectNode node = ApiJson.mapper().readTree(parser);
                if (OPEN.contains(node.path("phase").asText(""))) {
                    open = id;
                }
                ObjectNode kept = node.retain(KEPT);
                artifactsOnly(kept, "inputs");
                artifactsOnly(kept, "outputs");
                if (nodes.isEmpty() || kept.has("inputs") || kept.has("outputs")) {
                    nodes.put(id, ApiJson.mapper().treeToValue(kept, NodeStatus.class));
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("the answer is cut off");
            }
        }
        return new Found(nodes, open);
    }

    private static void artifactsOnly(ObjectNode node, String field) {
        JsonNode artifacts = node.path(field).path("artifacts");
        node.remove(field);
        if (!artifacts.isEmpty()) {
            node.putObject(field).set("artifacts", artifacts);
        }
    }
}
