package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.Shards;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a status fit into an object: nodes inline while they are small, then gzipped in {@code compressedNodes} as Argo
 * does, and beyond that only in the archive, which {@code offloadNodeStatusVersion} says.
 */
final class StatusSize {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int FEW_NODES = 200;
    private static final int MAX_UNPACKED = 512 * MAX_BYTES;

    private StatusSize() {}

    static WorkflowStatus fitted(WorkflowStatus status) {
        if (status.nodes().size() <= FEW_NODES) {
            return status;
        }
        byte[] nodes = json(status);
        if (nodes.length <= MAX_BYTES) {
            return status;
        }
        String compressed = Base64.getEncoder().encodeToString(gzip(nodes));
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
        String compressed = status.compressedNodes();
        if (compressed == null || compressed.isEmpty()) {
            if (status.nodes().isEmpty() && status.offloadNodeStatusVersion() != null) {
                throw new IllegalArgumentException("status.nodes are offloaded (status.offloadNodeStatusVersion is "
                        + status.offloadNodeStatusVersion() + ") to a database that only its writer can read");
            }
            return status;
        }
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(compressed)))) {
            byte[] json = in.readNBytes(MAX_UNPACKED);
            return status.withCompressedNodes(null)
                    .withNodes(ApiJson.mapper().readValue(json, new TypeReference<Map<String, NodeStatus>>() {}));
        } catch (IOException e) {
            throw new IllegalArgumentException("status.compressedNodes can't be read: " + e.getMessage(), e);
        }
    }

    private static byte[] json(WorkflowStatus status) {
        try {
            return ApiJson.mapper().writeValueAsBytes(status.nodes());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("nodes can't be written as JSON", e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
