package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.PackedJson;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Specs that are too large for the Kubernetes API: on the way in they are put into the archive and the object gets an outline and a
 * reference, on the way out they are put back, and nobody outside sees the difference ({@link LargeSpec}).
 */
@ApplicationScoped
public class LargeSpecs {
    private final ArchiveClient archive;
    private final RecentBlobs recent = new RecentBlobs();
    private final long inlineBytes;

    public LargeSpecs(ArchiveClient archive, SubmitterConfig config) {
        this.archive = archive;
        this.inlineBytes = config.maxInlineSpec().asLongValue();
    }

    /** The workflow as it is to be stored in the Kubernetes API; what doesn't go there is in the archive when this returns. */
    public ObjectNode stored(String namespace, ObjectNode workflow) {
        return split(workflow)
                .map(spec -> {
                    archive.putBlob(namespace, spec.packed());
                    return referring(workflow, spec);
                })
                .orElse(workflow);
    }

    /** As {@link #stored}, without storing anything. */
    ObjectNode outlined(ObjectNode workflow) {
        return split(workflow).map(spec -> referring(workflow, spec)).orElse(workflow);
    }

    private Optional<LargeSpec> split(ObjectNode workflow) {
        if (!(workflow.get("spec") instanceof ObjectNode spec)
                || spec.toString().getBytes(StandardCharsets.UTF_8).length <= inlineBytes) {
            return Optional.empty();
        }
        LargeSpec large = LargeSpec.of(spec);
        int packed = large.packed().bytes().length;
        if (packed > PackedJson.MAX_PACKED_BYTES) {
            throw ApiException.invalid("spec: has " + packed / 1024 + " KiB even gzipped, and at most "
                    + PackedJson.MAX_PACKED_BYTES / 1024 + " KiB can be kept; pass data as artifacts");
        }
        return Optional.of(large);
    }

    private static ObjectNode referring(ObjectNode workflow, LargeSpec spec) {
        ObjectNode referring = workflow.objectNode();
        referring.setAll(workflow);
        ObjectNode metadata = Submissions.child(workflow, "metadata").deepCopy();
        Submissions.child(metadata, "annotations")
                .put(LargeSpec.ANNOTATION, spec.packed().reference());
        Submissions.child(metadata, "labels").put(LargeSpec.LABEL, "true");
        referring.set("metadata", metadata);
        referring.set("spec", spec.outline());
        return referring;
    }

    /** Keeps the nodes that a workflow is to begin with, where they don't fit into its object, and has the object refer to them. */
    void putNodes(String namespace, ObjectNode workflow, PackedJson nodes) {
        archive.putBlob(namespace, nodes);
        ObjectNode metadata = Submissions.child(workflow, "metadata");
        Submissions.child(metadata, "annotations").put(LargeSpec.NODES_ANNOTATION, nodes.reference());
        Submissions.child(metadata, "labels").put(LargeSpec.LABEL, "true");
    }

    /** What is kept under this hash. */
    JsonNode fetch(String namespace, String hash, String what) {
        return read(namespace, hash, what, PackedJson::unpack);
    }

    /** The same, to be read piece by piece. */
    InputStream open(String namespace, String hash, String what) {
        return read(namespace, hash, what, PackedJson::open);
    }

    private <T> T read(String namespace, String hash, String what, BiFunction<String, byte[], T> reading) {
        byte[] packed = recent.get(namespace, hash, () -> archive.blob(namespace, hash))
                .orElseThrow(() -> new ApiException(
                        Code.UNAVAILABLE, what + " (sha256:" + hash + ") is kept in the archive, which hasn't got it"));
        try {
            return reading.apply(hash, packed);
        } catch (IllegalArgumentException e) {
            throw new ApiException(Code.INTERNAL, what + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Puts the whole spec into a workflow that was read; changes the tree in place and returns it. */
    public ObjectNode complete(ObjectNode workflow) {
        LargeSpec.hash(workflow).ifPresent(hash -> {
            String namespace = workflow.path("metadata").path("namespace").asText("");
            withSpec(workflow, LargeSpec.whole(fetch(namespace, hash), workflow.path("spec")));
        });
        return workflow;
    }

    private ObjectNode fetch(String namespace, String hash) {
        if (fetch(namespace, hash, "the workflow's spec") instanceof ObjectNode spec) {
            return spec;
        }
        throw new ApiException(Code.INTERNAL, "the workflow's spec in the archive is no JSON object");
    }

    /** Shows a workflow with this spec, as if it had been stored so. */
    static ObjectNode withSpec(ObjectNode workflow, JsonNode spec) {
        if (LargeSpec.hash(workflow).isPresent()) {
            workflow.set("spec", spec);
            forgetReference(workflow);
        }
        return workflow;
    }

    /** A reference is ours to make: one in a manifest would be to what somebody else has stored. */
    static void forgetReference(ObjectNode workflow) {
        if (workflow.get("metadata") instanceof ObjectNode metadata) {
            for (String part : List.of("annotations", "labels")) {
                if (metadata.get(part) instanceof ObjectNode texts) {
                    texts.remove(List.of(LargeSpec.ANNOTATION, LargeSpec.NODES_ANNOTATION, LargeSpec.LABEL));
                    if (texts.isEmpty()) {
                        metadata.remove(part);
                    }
                }
            }
        }
    }
}
