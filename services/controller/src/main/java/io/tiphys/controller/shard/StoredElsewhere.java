package io.tiphys.controller.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.archive.Archive;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What of a workflow isn't in its object: the spec that its annotation refers to, the nodes of its status. */
record StoredElsewhere(Archive archive) {
    /** It isn't where the object says, or isn't what it says: waiting won't help. */
    static final class Missing extends Exception {
        Missing(String message) {
            super(message);
        }
    }

    /**
     * The workflow with its whole spec.
     *
     * @throws IOException if the archive can't be asked now
     */
    Workflow whole(Workflow workflow) throws Missing, IOException, InterruptedException {
        String hash = LargeSpec.hash(workflow).orElse(null);
        if (hash == null) {
            return workflow;
        }
        String namespace = workflow.getMetadata().getNamespace();
        try {
            JsonNode spec = archive.json(namespace, hash)
                    .orElseThrow(() -> new Missing("the spec (annotation " + LargeSpec.ANNOTATION
                            + ": sha256:" + hash + ") is not in the archive for namespace \"" + namespace
                            + "\"; submit the workflow again through the API"));
            return LargeSpec.whole(workflow, spec);
        } catch (IllegalArgumentException e) {
            throw new Missing("the spec (annotation " + LargeSpec.ANNOTATION + ") can't be used: " + e.getMessage());
        }
    }

    /**
     * The status with its nodes inline, wherever they are: packed in it, stored by whoever made the workflow, or in the archive.
     *
     * @throws IllegalArgumentException if they are elsewhere or can't be read
     * @throws IOException if the archive can't be asked now
     */
    WorkflowStatus unpacked(Workflow workflow) throws IOException, InterruptedException {
        WorkflowStatus status = workflow.getStatus();
        WorkflowStatus inline = CompressedNodes.inline(status);
        String version = status.offloadNodeStatusVersion();
        if (!inline.nodes().isEmpty() || version == null) {
            return inline;
        }
        Optional<String> hash = PackedJson.hashIn(version);
        Optional<Map<String, NodeStatus>> nodes = hash.isPresent()
                ? archive.nodes(workflow.getMetadata().getNamespace(), hash.get())
                : archive.nodes(workflow.getMetadata().getUid());
        return inline.withNodes(nodes.orElseThrow(() ->
                        new IllegalArgumentException("status.nodes are offloaded (status.offloadNodeStatusVersion is "
                                + version
                                + ") to a database that only its writer can read; the archive has none of them")))
                .withOffloadNodeStatusVersion(null);
    }
}
