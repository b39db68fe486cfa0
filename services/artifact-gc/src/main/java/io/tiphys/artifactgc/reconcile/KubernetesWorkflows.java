package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.cluster.ClusterClients;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Workflows through the Fabric8 client. Status goes through the status subresource, as a JSON merge patch of what changed. */
public final class KubernetesWorkflows implements WorkflowGateway {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final long PAGE = 100;
    private static final int MAX_EVENT_MESSAGE = 1000;

    private final KubernetesClient client;
    private final LargeSpecTemplates specs;
    private final ArchivedNodes nodes;
    private final MetadataList seen;
    private final Clock clock;

    public KubernetesWorkflows(KubernetesClient client, Archive archive, Clock clock) {
        this.client = ClusterClients.quick(client);
        this.specs = new LargeSpecTemplates(archive);
        this.nodes = new ArchivedNodes(archive);
        this.seen = new MetadataList(this.client);
        this.clock = clock;
    }

    @Override
    public Optional<Workflow> find(String namespace, String name) {
        return Optional.ofNullable(client.resources(Workflow.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(KubernetesWorkflows::inline)
                .map(specs::complete)
                .map(this::withNodes);
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
        ObjectMapper json = ApiJson.mapper();
        ObjectNode change = json.createObjectNode();
        if (base.getStatus().compressedNodes() != null) {
            change.put("compressedNodes", CompressedNodes.pack(status.nodes()));
        } else if (!GcPlan.areNodesElsewhere(base.getStatus())) {
            ObjectNode nodes = changedNodes(base.getStatus(), status);
            if (!nodes.isEmpty()) {
                change.set("nodes", nodes);
            }
        }
        change.set("artifactGCStatus", json.valueToTree(status.artifactGCStatus()));
        change.set("conditions", json.valueToTree(status.conditions()));
        ObjectNode patch = guarded(base);
        patch.set("status", change);
        Workflow written =
                guard(() -> inline(resource(base).subresource("status").patch(MERGE, patch.toString())));
        Workflow whole = GcPlan.areNodesElsewhere(base.getStatus())
                ? written.withStatus(written.getStatus().withNodes(status.nodes()))
                : written;
        return whole.withSpec(base.getSpec()); // guarded by the resourceVersion; base has its templates
    }

    @Override
    public void removeFinalizer(Workflow base) throws ConflictException {
        List<String> remaining = base.getMetadata().getFinalizers().stream()
                .filter(finalizer -> !finalizer.equals(GcPlan.FINALIZER))
                .toList();
        ObjectNode patch = guarded(base);
        patch.withObject("/metadata").set("finalizers", ApiJson.mapper().valueToTree(remaining));
        guard(() -> resource(base).patch(MERGE, patch.toString()));
    }

    @Override
    public Stream<Workflow> waiting() {
        List<Workflow> waiting = new ArrayList<>();
        pages(workflow -> {
            if (workflow.getMetadata().getFinalizers().contains(GcPlan.FINALIZER) && GcPlan.isReady(workflow)) {
                waiting.add(workflow.withStatus(WorkflowStatus.NONE));
            }
        });
        return waiting.stream();
    }

    @Override
    public void forEach(Consumer<Workflow> visitor) {
        pages(workflow -> visitor.accept(nodes.complete(specs.complete(inline(workflow)))));
    }

    @Override
    public void forEachSeen(Consumer<Seen> visitor) {
        seen.forEach(visitor);
    }

    private void pages(Consumer<Workflow> visitor) {
        String from = null;
        do {
            KubernetesResourceList<Workflow> page = page(from);
            page.getItems().forEach(visitor);
            from = page.getMetadata().getContinue();
        } while (from != null && !from.isEmpty());
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

    private KubernetesResourceList<Workflow> page(@Nullable String from) {
        return client.resources(Workflow.class)
                .inAnyNamespace()
                .list(new ListOptionsBuilder()
                        .withLimit(PAGE)
                        .withContinue(from)
                        .build());
    }

    private Resource<Workflow> resource(Workflow workflow) {
        return client.resources(Workflow.class)
                .inNamespace(workflow.getMetadata().getNamespace())
                .withName(workflow.getMetadata().getName());
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

    private static ObjectNode guarded(Workflow base) {
        ObjectNode patch = ApiJson.mapper().createObjectNode();
        patch.withObject("/metadata")
                .put("uid", base.getMetadata().getUid())
                .put("resourceVersion", base.getMetadata().getResourceVersion());
        return patch;
    }

    /** Unpacks the nodes and leaves the packed text as it was: the sign that they are to be packed again. */
    private static Workflow inline(Workflow workflow) {
        String packed = workflow.getStatus().compressedNodes();
        return packed == null
                ? workflow
                : workflow.withStatus(workflow.getStatus().withNodes(CompressedNodes.unpack(packed)));
    }

    private static <T> T guard(Write<T> write) throws ConflictException {
        try {
            return write.write();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                throw new ConflictException(e);
            }
            throw e;
        }
    }

    private interface Write<T> {
        T write();
    }
}
