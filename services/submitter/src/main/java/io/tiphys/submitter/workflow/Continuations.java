package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.Manifest;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.workflow.Submissions.Depth;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Makes workflows that begin with nodes of an earlier one: an archived workflow that is retried, a failed one that is resubmitted memoized.
 */
@ApplicationScoped
public class Continuations {
    private static final int INLINE_BYTES = 512 * 1024;
    private static final int MAX_BYTES = 1024 * 1024;

    private final ArgoObjects objects;
    private final Submissions submissions;
    private final Hydrator hydrator;
    private final LargeSpecs large;
    private final Clock clock = Clock.systemUTC();

    public Continuations(ArgoObjects objects, Submissions submissions, Hydrator hydrator, LargeSpecs large) {
        this.objects = objects;
        this.large = large;
        this.submissions = submissions;
        this.hydrator = hydrator;
    }

    /** Puts an archived workflow back, under its own name, and runs again what failed in it. */
    public WorkflowTree retryArchived(
            WorkflowTree archived, boolean restartSuccessful, String nodeFieldSelector, List<String> parameters) {
        Reruns.requireRetryable(archived, restartSuccessful, nodeFieldSelector);
        NodeFieldSelector selector = Reruns.selector(nodeFieldSelector);
        if (objects.find(ArgoKind.WORKFLOW, archived.namespace(), archived.name())
                .isPresent()) {
            throw new ApiException(
                    Code.ALREADY_EXISTS,
                    "workflow \"" + archived.name() + "\" is still there; retry it instead of its archived copy");
        }
        ObjectNode manifest = Resubmission.again(hydrator.withSpec(archived), parameters);
        Workflow earlier = typed(archived, manifest);
        WorkflowStatus status = CarriedNodes.retried(earlier, restartSuccessful, selector, parameters, clock.instant());
        return create(archived.namespace(), manifest, status);
    }

    /** A new workflow with the spec of an earlier one; memoized it skips what succeeded there, which must have failed as a whole. */
    public WorkflowTree resubmit(WorkflowTree earlier, boolean memoized, List<String> parameters) {
        hydrator.withSpec(earlier);
        if (!memoized) {
            return new WorkflowTree(submissions.resubmit(earlier, parameters));
        }
        if (!earlier.phase().equals("Failed") && !earlier.phase().equals("Error")) {
            throw ApiException.invalid("workflow must be Failed/Error to resubmit in memoized mode");
        }
        ObjectNode manifest = Resubmission.of(earlier, parameters);
        ObjectNode metadata = Submissions.child(manifest, "metadata");
        String name = metadata.path("generateName").asText() + RandomSuffix.next();
        metadata.put("name", name).remove("generateName");
        WorkflowStatus status =
                CarriedNodes.memoized(typed(hydrator.hydrate(earlier), manifest), name, clock.instant());
        return status.nodes().isEmpty()
                ? new WorkflowTree(submissions.create(earlier.namespace(), manifest, Depth.CREATE))
                : create(earlier.namespace(), manifest, status);
    }

    /** The earlier workflow with the spec that the new one gets. */
    private static Workflow typed(WorkflowTree earlier, ObjectNode manifest) {
        ObjectNode tree = earlier.json().deepCopy();
        tree.put("apiVersion", ArgoKind.API_VERSION).put("kind", ArgoKind.WORKFLOW.kind());
        tree.set("spec", manifest.path("spec"));
        return Manifest.of(tree).as(Workflow.class);
    }

    private WorkflowTree create(String namespace, ObjectNode manifest, WorkflowStatus status) {
        ObjectNode object = submissions.asStored(namespace, manifest);
        JsonNode sized = ApiJson.mapper().valueToTree(sized(namespace, object, status));
        object.set("status", sized);
        return hydrator.hydrate(new WorkflowTree(objects.create(ArgoKind.WORKFLOW, namespace, object, false)));
    }

    /** Nodes inline while they are small, then packed, then kept in the archive with a reference in the object. */
    private WorkflowStatus sized(String namespace, ObjectNode object, WorkflowStatus status) {
        if (ApiJson.mapper().valueToTree(status.nodes()).toString().length() <= INLINE_BYTES) {
            return status;
        }
        String packed = CompressedNodes.pack(status.nodes());
        if (packed.length() <= MAX_BYTES - object.toString().length()) {
            return status.withNodes(Map.of()).withCompressedNodes(packed);
        }
        PackedJson nodes = PackedJson.of(status.nodes());
        if (nodes.bytes().length > PackedJson.MAX_PACKED_BYTES) {
            throw new ApiException(
                    Code.FAILED_PRECONDITION,
                    "the " + status.nodes().size() + " nodes that the workflow would begin with take "
                            + nodes.bytes().length / 1024 + " KiB packed, more than the "
                            + PackedJson.MAX_PACKED_BYTES / 1024
                            + " KiB that can be kept; resubmit it without memoized");
        }
        large.putNodes(namespace, object, nodes);
        return status.withNodes(Map.of()).withOffloadNodeStatusVersion(nodes.reference());
    }
}
