package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.Shards;
import java.util.Map;

/**
 * Makes a status fit into an object: nodes inline while they are small, then gzipped in {@code compressedNodes} as Argo
 * does, and beyond that only in the archive, which {@code offloadNodeStatusVersion} says.
 */
final class StatusSize {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int FEW_NODES = 200;

    private StatusSize() {}

    static WorkflowStatus fitted(WorkflowStatus status) {
        if (status.nodes().size() <= FEW_NODES) {
            return status;
        }
        byte[] nodes = json(status);
        if (nodes.length <= MAX_BYTES) {
            return status;
        }
        String compressed = CompressedNodes.pack(nodes);
        WorkflowStatus bare = status.withNodes(Map.of());
        return compressed.length() <= MAX_BYTES
                ? bare.withCompressedNodes(compressed)
                : bare.withOffloadNodeStatusVersion("fnv:" + Integer.toUnsignedString(Shards.fnv1a32(compressed)));
    }

    /**
     * The same status with its nodes inline again.
     *
     * @throws IllegalArgumentException if they are elsewhere or can't be read
     */
    static WorkflowStatus unpacked(WorkflowStatus status) {
        WorkflowStatus inline = CompressedNodes.inline(status);
        if (inline.nodes().isEmpty() && status.offloadNodeStatusVersion() != null) {
            throw new IllegalArgumentException("status.nodes are offloaded (status.offloadNodeStatusVersion is "
                    + status.offloadNodeStatusVersion() + ") to a database that only its writer can read");
        }
        return inline;
    }

    private static byte[] json(WorkflowStatus status) {
        try {
            return ApiJson.mapper().writeValueAsBytes(status.nodes());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("nodes can't be written as JSON", e);
        }
    }
}
