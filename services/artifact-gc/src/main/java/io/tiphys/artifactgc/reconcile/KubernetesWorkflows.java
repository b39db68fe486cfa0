package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.cluster.ClusterClients;
import io.tiphys.cluster.RawRequests;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Workflows through the Fabric8 client's connections. Status is written as a JSON merge patch of what changed; of the answer, which may be a
 * megabyte, only the version is read.
 */
public final class KubernetesWorkflows implements WorkflowGateway {
    private static final int MAX_EVENT_MESSAGE = 1000;

    private final KubernetesClient client;
    private final RawRequests requests;
    private final LargeSpecTemplates specs;
    private final ArchivedNodes nodes;
    private final MetadataList seen;
    private final WorkflowPages pages;
    private final Clock clock;

    public KubernetesWorkflows(KubernetesClient client, Archive archive, Clock clock) {
        this.client = ClusterClients.quick(client);
        this.requests = new RawRequests(this.client);
        this.specs = new LargeSpecTemplates(archive);
        this.nodes = new ArchivedNodes(archive);
        this.seen = new MetadataList(requests);
        this.pages = new WorkflowPages(requests);
        this.clock = clock;
    }

    @Override
    public Optional<Workflow> find(String namespace, String name) {
        return requests.find(RawRequests.workflowPath(namespace, name))
                .map(KubernetesWorkflows::read)
                .map(KubernetesWorkflows::inline)
                .map(specs::complete)
                .map(this::withNodes);
    }

    private static Workflow read(byte[] json) {
        try {
            return ApiJson.mapper().readValue(json, Workflow.class);
        } catch (IOException e) {
            throw new KubernetesClientException("a workflow can't be read: " + e.getMessage(), e);
        }
    }

    /** A workflow that somebody has deleted doesn't wait for the archive; that its nodes aren't there is dealt with then. */
    private Workflow withNodes(Workflow workflow) {
        try {
            return nodes.complete(workflow);
        } catch (GcFailedException e) {
            if (GcPlan.isBeingDeleted(workflow)) {
                return workflow;
            }
            throw e;
        }
    }

    @Override
    public Workflow writeStatus(Workflow base, WorkflowStatus status) throws ConflictException {
        return write(base, status, base.getMetadata().getFinalizers());
    }

    @Override
    public void letGo(Workflow base, WorkflowStatus status) throws ConflictException {
        List<String> remaining = base.getMetadata().getFinalizers().stream()
                .filter(finalizer -> !finalizer.equals(GcPlan.FINALIZER))
                .toList();
        write(base, status, remaining);
    }

    private Workflow write(Workflow base, WorkflowStatus status, List<String> finalizers) throws ConflictException {
        ObjectMeta meta = base.getMetadata();
        ObjectNode patch = ApiJson.mapper().createObjectNode();
        ObjectNode metadata =
                patch.putObject("metadata").put("uid", meta.getUid()).put("resourceVersion", meta.getResourceVersion());
        if (!finalizers.equals(meta.getFinalizers())) {
            metadata.set("finalizers", ApiJson.mapper().valueToTree(finalizers));
        }
        WorkflowStatus written = status;
        if (!status.equals(base.getStatus())) {
            if (base.getStatus().compressedNodes() != null) {
                written = status.withCompressedNodes(CompressedNodes.pack(status.nodes()));
            }
            patch.set("status", change(base.getStatus(), written));
        }
        try {
            byte[] answer = requests.patch(
                    RawRequests.workflowPath(meta.getNamespace(), meta.getName()),
                    RawRequests.MERGE_PATCH,
                    patch.toString());
            return base.withStatus(written) // guarded by the resourceVersion: nobody else has changed anything
                    .withMetadata(new ObjectMetaBuilder(meta)
                            .withFinalizers(finalizers)
                            .withResourceVersion(RawRequests.resourceVersion(answer))
                            .build());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                throw new ConflictException(e);
            }
            throw e;
        }
    }

    private static ObjectNode change(WorkflowStatus before, WorkflowStatus after) {
        ObjectMapper json = ApiJson.mapper();
        ObjectNode change = json.createObjectNode();
        if (after.compressedNodes() != null) {
            change.put("compressedNodes", after.compressedNodes());
        } else if (!GcPlan.areNodesElsewhere(before)) {
            ObjectNode nodes = changedNodes(before, after);
            if (!nodes.isEmpty()) {
                change.set("nodes", nodes);
            }
        }
        change.set("artifactGCStatus", json.valueToTree(after.artifactGCStatus()));
        change.set("conditions", json.valueToTree(after.conditions()));
        return change;
    }

    @Override
    public void forEach(Consumer<Workflow> visitor) {
        pages.forEach(workflow -> visitor.accept(nodes.complete(specs.complete(inline(workflow)))));
    }

    @Override
    public void forEachSeen(Consumer<Seen> visitor) {
        seen.forEach(visitor);
    }

    @Override
    public void warn(Workflow workflow, List<String> reasons) {
        String first = reasons.getFirst();
        event(
                workflow,
                "Warning",
                "ArtifactGCFailed",
                reasons.size() == 1 ? first : "%s (and %d more)".formatted(first, reasons.size() - 1));
    }

    @Override
    public void inform(Workflow workflow, String message) {
        event(workflow, "Normal", "ArtifactGCDryRun", message);
    }

    private void event(Workflow workflow, String type, String reason, String message) {
        ObjectMeta about = workflow.getMetadata();
        String now = clock.instant().toString();
        client.resource(new EventBuilder()
                        .withNewMetadata()
                        .withNamespace(about.getNamespace())
                        .withGenerateName(about.getName() + ".")
                        .endMetadata()
                        .withType(type)
                        .withReason(reason)
                        .withMessage(message.substring(0, Math.min(message.length(), MAX_EVENT_MESSAGE)))
                        .withNewInvolvedObject()
                        .withApiVersion(workflow.getApiVersion())
                        .withKind(workflow.getKind())
                        .withNamespace(about.getNamespace())
                        .withName(about.getName())
                        .withUid(about.getUid())
                        .endInvolvedObject()
                        .withNewSource()
                        .withComponent("tiphys-artifact-gc")
                        .endSource()
                        .withFirstTimestamp(now)
                        .withLastTimestamp(now)
                        .withCount(1)
                        .build())
                .create();
    }

    private static ObjectNode changedNodes(WorkflowStatus before, WorkflowStatus after) {
        ObjectNode changed = ApiJson.mapper().createObjectNode();
        after.nodes().forEach((id, node) -> {
            NodeStatus old = before.nodes().get(id);
            if (!node.equals(old)) {
                JsonNode outputs = ApiJson.mapper().valueToTree(node.outputs());
                changed.withObject("/" + id.replace("~", "~0").replace("/", "~1"))
                        .withObject("/outputs")
                        .set("artifacts", outputs.path("artifacts"));
            }
        });
        return changed;
    }

    /** Unpacks the nodes and leaves the packed text as it was: the sign that they are to be packed again. */
    private static Workflow inline(Workflow workflow) {
        String packed = workflow.getStatus().compressedNodes();
        return packed == null
                ? workflow
                : workflow.withStatus(workflow.getStatus().withNodes(CompressedNodes.unpack(packed)));
    }
}
