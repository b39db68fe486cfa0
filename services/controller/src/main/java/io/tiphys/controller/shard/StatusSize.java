package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.Shards;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes a status fit into its object: nodes inline while they are small, then gzipped in {@code compressedNodes} as Argo does, and beyond
 * that only in the archive, which {@code offloadNodeStatusVersion} says.
 */
final class StatusSize {
    /** What we put into one object: etcd takes 1.5 MiB ({@code --max-request-bytes}), and others write metadata, too. */
    private static final int MAX_OBJECT_BYTES = 1400 * 1024;
    /** What nodes may take of it, packed or not: who watches workflows gets them with every change. */
    private static final int MAX_NODES_BYTES = 1024 * 1024;

    private static final int FEW_NODES = 200;
    /** As many nodes are always tried. */
    private static final int NODES_WITHOUT_DOUBT = 5_000;

    private static final int SAMPLE = 500;

    private StatusSize() {}

    /** How much of a status stands in the object; each is smaller than the one before. */
    enum Form {
        INLINE,
        PACKED,
        OFFLOADED,
        /** Phase, message and times, and nothing that a workflow's author can make large. */
        BARE;

        Form next() {
            return switch (this) {
                case INLINE -> PACKED;
                case PACKED -> OFFLOADED;
                case OFFLOADED, BARE -> BARE;
            };
        }
    }

    /**
     * A status that should fit.
     *
     * @param form what it has become
     */
    record Fitted(WorkflowStatus status, Form form) {}

    /** What is left in the object for the nodes, in bytes. */
    static int room(Workflow workflow) {
        return Math.clamp(MAX_OBJECT_BYTES - json(workflow.withStatus(WorkflowStatus.NONE)).length, 0, MAX_NODES_BYTES);
    }

    /**
     * Whether a sample of the nodes tells that all of them, packed, would be more than twice what fits. To try it would take some kilobytes
     * of memory for each.
     *
     * @param room for nodes, in bytes
     */
    static <T> boolean isOutOfReach(List<T> nodes, Function<T, NodeStatus> status, int room) {
        if (nodes.size() <= NODES_WITHOUT_DOUBT) {
            return false;
        }
        Map<String, NodeStatus> sample = new LinkedHashMap<>();
        for (int i = 0; i < SAMPLE; i++) {
            NodeStatus node = status.apply(nodes.get((int) ((long) i * nodes.size() / SAMPLE)));
            sample.put(node.id(), node);
        }
        long length = CompressedNodes.pack(json(sample)).length();
        return length * nodes.size() / SAMPLE > 2L * room;
    }

    /**
     * The largest form that fits.
     *
     * @param room for nodes, in bytes
     * @param largest what is known not to fit isn't tried
     */
    static Fitted fitted(WorkflowStatus status, int room, Form largest) {
        return switch (largest) {
            case INLINE, PACKED -> withNodes(status, room, largest);
            case OFFLOADED -> offloaded(status, status.nodes().size() + status.progress());
            case BARE -> new Fitted(bare(status), Form.BARE);
        };
    }

    private static Fitted withNodes(WorkflowStatus status, int room, Form largest) {
        boolean mayBeInline = largest == Form.INLINE;
        if (mayBeInline && status.nodes().size() <= FEW_NODES) {
            return new Fitted(status, Form.INLINE);
        }
        byte[] nodes = json(status.nodes());
        if (mayBeInline && nodes.length <= room) {
            return new Fitted(status, Form.INLINE);
        }
        String packed = CompressedNodes.pack(nodes);
        return packed.length() <= room
                ? new Fitted(status.withNodes(Map.of()).withCompressedNodes(packed), Form.PACKED)
                : offloaded(status, packed);
    }

    private static Fitted offloaded(WorkflowStatus status, String content) {
        String version = "fnv:" + Integer.toUnsignedString(Shards.fnv1a32(content));
        return new Fitted(status.withNodes(Map.of()).withOffloadNodeStatusVersion(version), Form.OFFLOADED);
    }

    private static WorkflowStatus bare(WorkflowStatus status) {
        return WorkflowStatus.NONE
                .withPhase(status.phase())
                .withMessage(status.message())
                .withProgress(status.progress())
                .withStartedAt(status.startedAt())
                .withFinishedAt(status.finishedAt())
                .withOffloadNodeStatusVersion(offloaded(status, String.valueOf(status.progress()))
                        .status()
                        .offloadNodeStatusVersion());
    }

    private static byte[] json(Object value) {
        try {
            return ApiJson.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a workflow can't be written as JSON", e);
        }
    }
}
