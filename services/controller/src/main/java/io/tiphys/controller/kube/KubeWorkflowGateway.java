package io.tiphys.controller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.cluster.RawRequests;
import io.tiphys.messages.WorkflowRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link WorkflowGateway} over the Kubernetes client. */
public final class KubeWorkflowGateway implements WorkflowGateway {
    private static final Logger LOG = LoggerFactory.getLogger(KubeWorkflowGateway.class);
    private static final int MAX_CONFLICTS = 10;
    private static final int UNPROCESSABLE = 422;
    private static final String CLAIM_PROTECTION = "kubernetes.io/pvc-protection";

    private final KubernetesClient client;
    private final RawRequests requests;
    private final ApiCalls calls;
    private final OwnVersions versions = new OwnVersions();

    public KubeWorkflowGateway(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.requests = new RawRequests(client);
        this.calls = calls;
    }

    @Override
    public Optional<Workflow> get(WorkflowRef workflow) throws InterruptedException {
        Workflow found = calls.call("get workflow", () -> resource(workflow).get());
        return Optional.ofNullable(found)
                .filter(object -> Objects.equals(object.getMetadata().getUid(), workflow.uid()));
    }

    @Override
    public Optional<Workflow> writeStatus(
            Workflow known, Map<String, @Nullable String> labels, UnaryOperator<WorkflowStatus> status)
            throws InterruptedException {
        ObjectMeta meta = known.getMetadata();
        WorkflowRef ref = new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
        Workflow current = known;
        for (int conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
            WorkflowStatus next = status.apply(current.getStatus());
            String version = conflicts == 0
                    ? versions.latest(ref.uid(), meta.getResourceVersion())
                    : current.getMetadata().getResourceVersion();
            try {
                return Optional.of(written(current, version, labels, next));
            } catch (KubernetesClientException e) {
                switch (ApiFailure.of(e)) {
                    case NOT_FOUND -> {
                        return Optional.empty();
                    }
                    case PERMANENT -> {
                        if (conflicts > 0 || e.getCode() != UNPROCESSABLE) {
                            throw e;
                        }
                        LOG.debug("labels of {} aren't what was known of them, again", ref.name());
                    }
                    case CONFLICT -> LOG.debug("status of {} was written on an old version, again", ref.name());
                    case TRANSIENT, QUOTA, ALREADY_EXISTS -> throw e;
                }
            }
            Optional<Workflow> latest = get(ref);
            if (latest.isEmpty()) {
                return latest;
            }
            current = latest.get();
        }
        throw new KubernetesClientException("status of workflow %s/%s was changed by others %d times in a row"
                .formatted(ref.namespace(), ref.name(), MAX_CONFLICTS));
    }

    /** Sends the new status without the spec, and of the answer takes the version alone. */
    private Workflow written(
            Workflow current, String version, Map<String, @Nullable String> labels, WorkflowStatus next)
            throws InterruptedException {
        ObjectMeta meta = current.getMetadata();
        byte[] patch = statusPatch(meta, version, labels, next);
        byte[] answer = calls.call(
                Demand.showing(meta.getNamespace()),
                "write workflow status",
                () -> requests.patch(
                        RawRequests.workflowPath(meta.getNamespace(), meta.getName()), RawRequests.JSON_PATCH, patch));
        String written = RawRequests.resourceVersion(answer);
        versions.wrote(meta.getUid(), written);
        return asWritten(current, written, labels, next);
    }

    private static Workflow asWritten(
            Workflow before, String version, Map<String, @Nullable String> labels, WorkflowStatus status) {
        ObjectMeta meta = before.getMetadata();
        return before.withStatus(status)
                .withMetadata(new ObjectMetaBuilder(meta)
                        .withResourceVersion(version)
                        .withLabels(labelled(meta.getLabels(), labels))
                        .build());
    }

    @Override
    public Optional<Workflow> reopen(Workflow known, Map<String, @Nullable String> labels) throws InterruptedException {
        ObjectMeta meta = known.getMetadata();
        WorkflowRef ref = new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
        WorkflowStatus running = known.getStatus()
                .withPhase(WorkflowPhase.RUNNING)
                .withMessage(null)
                .withFinishedAt(null);
        ObjectNode patch = labelPatch(ref, labels);
        patch.putObject("status")
                .put("phase", running.phase().json())
                .putNull("message")
                .putNull("finishedAt");
        return patch(Demand.showing(ref.namespace()), ref, "reopen workflow", patch)
                ? Optional.of(asWritten(known, versions.latest(ref.uid(), meta.getResourceVersion()), labels, running))
                : Optional.empty();
    }

    private static Map<String, String> labelled(
            @Nullable Map<String, String> known, Map<String, @Nullable String> changes) {
        Map<String, String> labels = new LinkedHashMap<>(known == null ? Map.of() : known);
        changes.forEach((name, value) -> {
            if (value == null) {
                labels.remove(name);
            } else {
                labels.put(name, value);
            }
        });
        return labels;
    }

    /** Puts the status in the place of the old one, unless the object has changed. */
    private static byte[] statusPatch(
            ObjectMeta known, String version, Map<String, @Nullable String> labels, WorkflowStatus status) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = ApiJson.mapper().createGenerator(bytes)) {
            json.writeStartArray();
            operation(json, "test", "/metadata/uid");
            json.writeStringField("value", known.getUid());
            json.writeEndObject();
            operation(json, "replace", "/metadata/resourceVersion");
            json.writeStringField("value", version);
            json.writeEndObject();
            boolean isLabelled = known.getLabels() != null && !known.getLabels().isEmpty();
            if (isLabelled || !version.equals(known.getResourceVersion())) { // what we wrote since may be labels
                for (var label : labels.entrySet()) {
                    label(json, "/metadata/labels/" + pointer(label.getKey()), label.getValue());
                }
            } else if (!labels.isEmpty()) {
                operation(json, "add", "/metadata/labels");
                json.writeObjectField("value", labelled(null, labels));
                json.writeEndObject();
            }
            operation(json, "add", "/status");
            json.writeObjectField("value", status);
            json.writeEndObject();
            json.writeEndArray();
        } catch (IOException e) {
            throw new IllegalStateException("a status can't be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    /** What isn't there can't be removed: so it is put there before. */
    private static void label(JsonGenerator json, String path, @Nullable String value) throws IOException {
        operation(json, "add", path);
        json.writeStringField("value", value == null ? "" : value);
        json.writeEndObject();
        if (value == null) {
            operation(json, "remove", path);
            json.writeEndObject();
        }
    }

    /** A member's name in a JSON pointer (RFC 6901). */
    private static String pointer(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static void operation(JsonGenerator json, String operation, String path) throws IOException {
        json.writeStartObject();
        json.writeStringField("op", operation);
        json.writeStringField("path", path);
    }

    @Override
    public void label(WorkflowRef workflow, Map<String, @Nullable String> labels) throws InterruptedException {
        patch(Demand.showing(workflow.namespace()), workflow, "label workflow", labelPatch(workflow, labels));
    }

    /** Changes labels of this very object; those that are null go. */
    private static ObjectNode labelPatch(WorkflowRef workflow, Map<String, ? extends @Nullable String> labels) {
        ObjectNode patch = ApiJson.mapper().createObjectNode();
        ObjectNode metadata = patch.putObject("metadata").put("uid", workflow.uid());
        labels.forEach(metadata.putObject("labels")::put);
        return patch;
    }

    @Override
    public void decorate(WorkflowRef workflow, Map<String, String> labels, Map<String, String> annotations)
            throws InterruptedException {
        ObjectNode patch = labelPatch(workflow, labels);
        annotations.forEach(patch.withObject("/metadata/annotations")::put);
        patch(Demand.starting(workflow.namespace(), 0), workflow, "decorate workflow", patch);
    }

    /** False if it is gone. */
    private boolean patch(Demand demand, WorkflowRef workflow, String what, ObjectNode patch)
            throws InterruptedException {
        String path = RawRequests.workflowPath(workflow.namespace(), workflow.name());
        byte[] bytes = patch.toString().getBytes(UTF_8);
        return ifThere(demand, what, () -> {
            byte[] answer = requests.patch(path, RawRequests.MERGE_PATCH, bytes);
            versions.wrote(workflow.uid(), RawRequests.resourceVersion(answer));
            return answer;
        });
    }

    @Override
    public void deleteDisruptionBudget(WorkflowRef workflow) throws InterruptedException {
        ifThere(
                "delete pod disruption budget",
                () -> client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(workflow.namespace())
                        .withName(workflow.name())
                        .delete());
    }

    @Override
    public void addFinalizers(WorkflowRef workflow, List<String> finalizers) throws InterruptedException {
        ifThere("add finalizer", () -> {
            Workflow current = resource(workflow).get();
            if (current == null || !Objects.equals(current.getMetadata().getUid(), workflow.uid())) {
                return null;
            }
            List<String> all = new ArrayList<>(current.getMetadata().getFinalizers());
            finalizers.stream().filter(finalizer -> !all.contains(finalizer)).forEach(all::add);
            return client.resource(current.withMetadata(new ObjectMetaBuilder(current.getMetadata())
                            .withFinalizers(all)
                            .build()))
                    .update();
        });
    }

    @Override
    public void ensureVolumeClaims(List<PersistentVolumeClaim> claims) throws InterruptedException {
        for (PersistentVolumeClaim claim : claims) {
            ensure(
                    "create volume claim",
                    () -> client.persistentVolumeClaims()
                            .inNamespace(claim.getMetadata().getNamespace())
                            .resource(claim)
                            .create());
        }
    }

    @Override
    public void ensureDisruptionBudget(PodDisruptionBudget budget) throws InterruptedException {
        ensure("create pod disruption budget", () -> client.resource(budget).create());
    }

    private void ensure(String what, Supplier<?> creation) throws InterruptedException {
        try {
            calls.call(what, creation);
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    @Override
    public void deleteVolumeClaims(String namespace, List<String> names) throws InterruptedException {
        for (String name : names) {
            Resource<PersistentVolumeClaim> claim =
                    client.persistentVolumeClaims().inNamespace(namespace).withName(name);
            ifThere("delete volume claim", claim::delete);
            ifThere("release volume claim", () -> release(claim.get()));
        }
    }

    /** Argo: Kubernetes' own protection of claims holds for pods that have ended, too. */
    private boolean release(@Nullable PersistentVolumeClaim claim) {
        boolean isHeld = claim != null
                && claim.getMetadata().getDeletionTimestamp() != null
                && claim.getFinalizers().contains(CLAIM_PROTECTION);
        if (claim != null && isHeld) {
            PersistentVolumeClaim released = new PersistentVolumeClaimBuilder(claim)
                    .editMetadata()
                    .removeFromFinalizers(CLAIM_PROTECTION)
                    .endMetadata()
                    .build();
            client.persistentVolumeClaims()
                    .resource(released)
                    .lockResourceVersion(claim.getMetadata().getResourceVersion())
                    .update();
        }
        return isHeld;
    }

    @Override
    public void delete(WorkflowRef workflow) throws InterruptedException {
        ifThere(
                "delete workflow",
                () -> resource(workflow)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete());
    }

    private void ifThere(String what, Supplier<?> request) throws InterruptedException {
        ifThere(Demand.OWN, what, request);
    }

    private boolean ifThere(Demand demand, String what, Supplier<?> request) throws InterruptedException {
        for (int conflicts = 0; ; conflicts++) {
            try {
                calls.call(demand, what, request);
                return true;
            } catch (KubernetesClientException e) {
                switch (ApiFailure.of(e)) {
                    case NOT_FOUND -> {
                        return false;
                    }
                    case CONFLICT -> {
                        if (conflicts >= MAX_CONFLICTS) {
                            throw e;
                        }
                    }
                    case TRANSIENT, QUOTA, ALREADY_EXISTS, PERMANENT -> throw e;
                }
            }
        }
    }

    private Resource<Workflow> resource(WorkflowRef workflow) {
        return client.resources(Workflow.class)
                .inNamespace(workflow.namespace())
                .withName(workflow.name());
    }
}
