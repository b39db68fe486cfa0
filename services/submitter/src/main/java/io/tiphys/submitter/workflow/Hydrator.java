package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.PackedJson;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.rest.FieldsFilter;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts back what is too large for the Kubernetes API: a workflow's nodes from {@code status.compressedNodes} (gzip, base64, as Argo writes
 * it) or, with {@code status.offloadNodeStatusVersion}, from the archive; its spec where the object only refers to it.
 */
@ApplicationScoped
public class Hydrator {
    private static final Logger LOG = Logger.getLogger(Hydrator.class);

    private static final String BEGINNING = "the nodes that the workflow begins with";

    /** What of a spec is read from the object, where it is edited, however large the rest is. */
    private static final Set<String> IN_THE_OBJECT = Set.of("suspend", "shutdown");

    private final ArchiveClient archive;
    private final LargeSpecs specs;
    private final ObjectMapper json;

    public Hydrator(ArchiveClient archive, LargeSpecs specs, ObjectMapper json) {
        this.archive = archive;
        this.specs = specs;
        this.json = json;
    }

    /** Whether the caller sees more of the spec than is in every object. */
    static boolean needsSpec(FieldsFilter fields) {
        return !fields.willExclude("spec") && !fields.keepsOnly("spec", IN_THE_OBJECT);
    }

    /** What of it the caller will see, with nodes that are packed or in the archive left there until they are written. */
    public HydratedStream stream(WorkflowTree workflow, FieldsFilter fields) {
        if (needsSpec(fields)) {
            withSpec(workflow);
        }
        return streamNodes(workflow, fields);
    }

    /** As {@link #stream}; what can't be had of one of many is left out, with a warning, rather than all the others. */
    HydratedStream streamIfThere(WorkflowTree workflow, FieldsFilter fields) {
        if (needsSpec(fields)) {
            withSpecIfThere(workflow);
        }
        try {
            return streamNodes(workflow, fields);
        } catch (ApiException e) {
            LOG.warnf(
                    "workflow %s/%s is answered without its nodes: %s",
                    workflow.namespace(), workflow.name(), e.text());
            return HydratedStream.of(fields.apply(workflow.json()));
        }
    }

    private HydratedStream streamNodes(WorkflowTree workflow, FieldsFilter fields) {
        if (fields.willExclude("status.nodes")) {
            return HydratedStream.of(fields.apply(workflow.json()));
        }
        NodesAsJson nodes = fields.keepsWhole("status.nodes") ? openNodes(workflow) : null;
        if (nodes == null) {
            return HydratedStream.of(fields.apply(withNodes(workflow).json()));
        }
        if (workflow.json().get("status") instanceof ObjectNode status) {
            status.remove(List.of("compressedNodes", "offloadNodeStatusVersion"));
        }
        return new HydratedStream(fields.apply(workflow.json()), nodes);
    }

    /**
     * With its spec and those of its nodes that are wanted, however many it has; changes the tree in place and returns it.
     *
     * @param wanted is asked with a node's id and the node
     */
    WorkflowTree withNodes(WorkflowTree workflow, BiPredicate<String, JsonNode> wanted) {
        try {
            return new WorkflowTree(stream(workflow, FieldsFilter.ALL).only(json, wanted));
        } catch (IOException e) {
            throw new ApiException(
                    Code.UNAVAILABLE,
                    "the nodes of workflow \"" + workflow.name() + "\" can't be read: " + e.getMessage(),
                    e);
        }
    }

    /** Its nodes where they aren't in the object as they are; null if they are, or are nowhere. The caller closes them. */
    private @Nullable NodesAsJson openNodes(WorkflowTree workflow) {
        JsonNode status = workflow.json().path("status");
        String compressed = status.path("compressedNodes").asText("");
        if (!compressed.isEmpty()) {
            return new NodesAsJson(reading("status.compressedNodes", () -> CompressedNodes.open(compressed)), false);
        }
        String version = status.path("offloadNodeStatusVersion").asText("");
        if (version.isEmpty() || !status.path("nodes").isEmpty()) {
            return null;
        }
        Optional<String> hash = PackedJson.hashIn(version);
        return hash.isPresent()
                ? new NodesAsJson(specs.open(workflow.namespace(), hash.get(), BEGINNING), false)
                : archive.openNodes(workflow.uid())
                        .map(nodes -> new NodesAsJson(nodes, true))
                        .orElse(null);
    }

    /** Its nodes, to be read as often as wanted without being in memory at once. The tree must not change meanwhile. */
    StoredNodes nodes(WorkflowTree workflow) {
        JsonNode inline = workflow.json().path("status").path("nodes");
        return new StoredNodes(workflow.name(), inline, () -> openNodes(workflow));
    }

    /** Whether its nodes have to be unpacked or fetched. */
    public static boolean isElsewhere(WorkflowTree workflow) {
        JsonNode status = workflow.json().path("status");
        return status.hasNonNull("compressedNodes") || status.hasNonNull("offloadNodeStatusVersion");
    }

    /** The spec only; changes the tree in place and returns it. */
    public WorkflowTree withSpec(WorkflowTree workflow) {
        specs.complete(workflow.json());
        return workflow;
    }

    /** As {@link #withSpec}; without the archive what stands in the object is shown rather than nothing. */
    public WorkflowTree withSpecIfThere(WorkflowTree workflow) {
        try {
            return withSpec(workflow);
        } catch (ApiException e) {
            LOG.warnf(
                    "workflow %s/%s is answered without its whole spec: %s",
                    workflow.namespace(), workflow.name(), e.text());
            return workflow;
        }
    }

    private WorkflowTree withNodes(WorkflowTree workflow) {
        if (workflow.json().get("status") instanceof ObjectNode status) {
            if (status.hasNonNull("compressedNodes")) {
                status.set("nodes", decompress(status.path("compressedNodes").asText()));
                status.remove("compressedNodes");
            } else if (!status.path("offloadNodeStatusVersion").asText("").isEmpty()
                    && status.path("nodes").isEmpty()) {
                String version = status.path("offloadNodeStatusVersion").asText();
                PackedJson.hashIn(version)
                        .map(hash -> specs.fetch(workflow.namespace(), hash, BEGINNING))
                        .or(() -> archive.nodes(workflow.uid()).map(known -> known.path("nodes")))
                        .ifPresent(nodes -> status.set("nodes", nodes));
                status.remove("offloadNodeStatusVersion");
            }
        }
        return workflow;
    }

    private static JsonNode decompress(String compressed) {
        return reading(
                "status.compressedNodes",
                () -> compressed.isEmpty()
                        ? JsonNodeFactory.instance.objectNode()
                        : CompressedNodes.unpackTree(compressed));
    }

    private static <T> T reading(String what, Supplier<T> source) {
        try {
            return source.get();
        } catch (IllegalArgumentException e) {
            throw new ApiException(Code.INTERNAL, what + " can't be read: " + e.getMessage(), e);
        }
    }
}
