package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.CompressedNodes;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Puts the nodes back into a Workflow whose status is too large for etcd: from {@code status.compressedNodes} (gzip, base64, as
 * Argo writes it) or, with {@code status.offloadNodeStatusVersion}, from the archive.
 */
@ApplicationScoped
public class Hydrator {
    private final ArchiveClient archive;

    public Hydrator(ArchiveClient archive) {
        this.archive = archive;
    }

    /** Changes the tree in place and returns it. */
    public WorkflowTree hydrate(WorkflowTree workflow) {
        if (workflow.json().get("status") instanceof ObjectNode status) {
            if (status.hasNonNull("compressedNodes")) {
                status.set("nodes", decompress(status.path("compressedNodes").asText()));
                status.remove("compressedNodes");
            } else if (!status.path("offloadNodeStatusVersion").asText("").isEmpty()
                    && status.path("nodes").isEmpty()) {
                archive.nodes(workflow.uid()).ifPresent(known -> status.set("nodes", known.path("nodes")));
                status.remove("offloadNodeStatusVersion");
            }
        }
        return workflow;
    }

    private static JsonNode decompress(String compressed) {
        try {
            return compressed.isEmpty()
                    ? JsonNodeFactory.instance.objectNode()
                    : CompressedNodes.unpackTree(compressed);
        } catch (IllegalArgumentException e) {
            throw new ApiException(Code.INTERNAL, "status.compressedNodes can't be read: " + e.getMessage(), e);
        }
    }
}
