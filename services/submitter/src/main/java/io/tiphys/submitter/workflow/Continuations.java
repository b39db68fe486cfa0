package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.Manifest;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.workflow.Submissions.Depth;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes workflows that begin with nodes of an earlier one: an archived workflow that is retried, a failed one that is resubmitted memoized.
 */
@ApplicationScoped
public class Continuations {
    private static final int INLINE_BYTES = 512 * 1024;
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ArgoObjects objects;
    private final Submissions submissions;
    private final Hydrator hydrator;
    private final LargeSpecs large;
    private final ReentrantLock oneAtATime = new ReentrantLock();
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
        return create(
                archived.namespace(),
                manifest,
                () -> CarriedNodes.retried(
                        typed(archived, manifest),
                        hydrator.nodes(archived),
                        restartSuccessful,
                        selector,
                        parameters,
                        clock.instant()));
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
        return create(
                earlier.namespace(),
                manifest,
                () -> CarriedNodes.memoized(typed(earlier, manifest), hydrator.nodes(earlier), name, clock.instant()));
    }

    /** The earlier workflow, without its nodes, with the spec that the new one gets. */
    private static Workflow typed(WorkflowTree earlier, ObjectNode manifest) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.setAll(earlier.json());
        tree.put("apiVersion", ArgoKind.API_VERSION).put("kind", ArgoKind.WORKFLOW.kind());
        tree.set("spec", manifest.path("spec"));
        if (earlier.json().get("status") instanceof ObjectNode status) {
            ObjectNode withoutNodes = JsonNodeFactory.instance.objectNode();
            withoutNodes.setAll(status);
            withoutNodes.remove(List.of("nodes", "compressedNodes", "offloadNodeStatusVersion"));
            tree.set("status", withoutNodes);
        }
        return Manifest.of(tree).as(Workflow.class);
    }

    /** Nodes of one workflow at a time: those of a retry are all in memory. */
    private WorkflowTree create(String namespace, ObjectNode manifest, Supplier<CarriedNodes> nodes) {
        ObjectNode object;
        lock();
        try {
            CarriedNodes carried = nodes.get();
            if (carried.isEmpty()) {
                return new WorkflowTree(submissions.create(namespace, manifest, Depth.CREATE));
            }
            object = submissions.asStored(namespace, manifest);
            put(namespace, object, carried);
        } finally {
            oneAtATime.unlock();
        }
        return hydrator.withSpecIfThere(new WorkflowTree(objects.create(ArgoKind.WORKFLOW, namespace, object, false)));
    }

    private void lock() {
        try {
            if (!oneAtATime.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new ApiException(
                        Code.UNAVAILABLE,
                        "the nodes of other workflows that are to go on took more than " + PATIENCE.toSeconds()
                                + " s; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Code.UNAVAILABLE, "interrupted", e);
        }
    }

    /** Nodes inline while they are small, then packed, then kept in the archive with a reference in the object. */
    private void put(String namespace, ObjectNode object, CarriedNodes carried) {
        ObjectNode status = ApiJson.mapper().valueToTree(carried.status());
        object.set("status", status);
        PackedJson nodes = PackedJson.of(carried.nodes());
        int packed = nodes.bytes().length;
        if (nodes.isAtMost(INLINE_BYTES)) {
            status.set("nodes", PackedJson.unpack(nodes.hash(), nodes.bytes()));
        } else if (CompressedNodes.length(nodes)
                <= MAX_BYTES - object.toString().length()) {
            status.put("compressedNodes", CompressedNodes.of(nodes));
        } else if (packed <= PackedJson.MAX_PACKED_BYTES) {
            large.putNodes(namespace, object, nodes);
            status.put("offloadNodeStatusVersion", nodes.reference());
        } else {
            throw new ApiException(
                    Code.FAILED_PRECONDITION,
                    "the nodes that the workflow would begin with take " + packed / 1024 + " KiB packed, more than the "
                            + PackedJson.MAX_PACKED_BYTES / 1024
                            + " KiB that can be kept; resubmit it without memoized");
        }
    }
}
