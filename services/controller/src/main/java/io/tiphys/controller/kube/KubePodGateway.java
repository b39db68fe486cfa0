package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.tiphys.api.ApiJson;
import io.tiphys.cluster.RawRequests;
import io.tiphys.pods.Names;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PodGateway} over the Kubernetes client. */
public final class KubePodGateway implements PodGateway {
    private static final Logger LOG = LoggerFactory.getLogger(KubePodGateway.class);

    private static final String LABEL_AS_COMPLETED =
            "{\"metadata\":{\"labels\":{\"" + Names.LABEL_COMPLETED + "\":\"true\"}}}";
    private static final String END_NOW = "{\"spec\":{\"activeDeadlineSeconds\":1}}";

    private final KubernetesClient client;
    private final RawRequests requests;
    private final ApiCalls calls;

    public KubePodGateway(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.requests = new RawRequests(client);
        this.calls = calls;
    }

    @Override
    public Ensured ensure(PodOrder order) throws InterruptedException {
        AtomicReference<Pod> sent = new AtomicReference<>();
        try {
            Demand demand = order.isBeginning()
                    ? Demand.starting(order.namespace(), order.priority())
                    : Demand.work(order.namespace(), order.priority());
            calls.call(demand, "create pod", () -> {
                Pod pod = order.take();
                if (pod == null) {
                    throw new NothingToSendException();
                }
                sent.set(pod);
                return requests.create(RawRequests.podsPath(order.namespace()), json(pod));
            });
            return new Ensured.Created();
        } catch (NothingToSendException e) {
            return new Ensured.Withdrawn();
        } catch (KubernetesClientException e) {
            String reason = ApiFailure.reason(e);
            return switch (ApiFailure.of(e)) {
                case ALREADY_EXISTS, CONFLICT -> existing(sent.get(), order.takesOver(), reason);
                case TRANSIENT, QUOTA -> new Ensured.Refused(reason, true);
                case NOT_FOUND, PERMANENT -> new Ensured.Refused(reason, false);
            };
        }
    }

    /** When it was its turn, there was no pod to be created. */
    private static final class NothingToSendException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static byte[] json(Pod pod) {
        try {
            return ApiJson.mapper().writeValueAsBytes(pod);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a pod that was made can't be written as JSON", e);
        }
    }

    /** The name is taken: by our own earlier request, or by a pod that must go first. */
    private Ensured existing(Pod wanted, boolean takesOver, String reason) throws InterruptedException {
        String name = wanted.getMetadata().getName();
        Pod existing;
        try {
            existing = calls.call(
                    "get pod",
                    () -> resource(wanted.getMetadata().getNamespace(), name).get());
        } catch (KubernetesClientException e) {
            return new Ensured.Refused(ApiFailure.reason(e), ApiFailure.of(e) != ApiFailure.PERMANENT);
        }
        if (existing == null) {
            return new Ensured.Refused(reason, true);
        }
        if (existing.getMetadata().getDeletionTimestamp() != null) {
            return new Ensured.Refused("pod \"" + name + "\" of an earlier attempt is still being deleted", true);
        }
        boolean isOurs = Objects.equals(workflowUid(existing), workflowUid(wanted));
        boolean isEarlier = nodeSeq(existing) < nodeSeq(wanted);
        if (isOurs && isEarlier && nodeSeq(existing) >= 0 && !takesOver) {
            delete(wanted.getMetadata().getNamespace(), name);
            return new Ensured.Refused("pod \"" + name + "\" of an earlier attempt must go first", true);
        }
        if (isOurs && !isEarlier) {
            return new Ensured.AlreadyThere();
        }
        if (isOurs || hasSameOwner(existing, wanted)) {
            adopt(existing, wanted);
            return new Ensured.AlreadyThere();
        }
        return new Ensured.Refused("pod \"" + name + "\" exists and belongs to something else", true);
    }

    @Override
    public boolean delete(String namespace, String name) throws InterruptedException {
        return tolerant(
                Demand.work(namespace, 0), "delete pod", () -> requests.delete(RawRequests.podPath(namespace, name)));
    }

    @Override
    public void terminate(String namespace, String name) throws InterruptedException {
        tolerant(
                Demand.work(namespace, 0),
                "terminate pod",
                () -> requests.patch(RawRequests.podPath(namespace, name), RawRequests.MERGE_PATCH, END_NOW));
    }

    @Override
    public boolean labelCompleted(String namespace, String name) throws InterruptedException {
        return tolerant(
                Demand.tidying(namespace),
                "label pod",
                () -> requests.patch(
                        RawRequests.podPath(namespace, name), RawRequests.MERGE_PATCH, LABEL_AS_COMPLETED));
    }

    @Override
    public void release(String namespace, String name) throws InterruptedException {
        tolerant(Demand.tidying(namespace), "release pod", () -> {
            Pod pod = resource(namespace, name).get();
            boolean isHeld = pod != null && pod.getFinalizers().contains(Names.FINALIZER_STATUS);
            if (isHeld) {
                requests.patch(RawRequests.podPath(namespace, name), RawRequests.MERGE_PATCH, released(pod));
            }
            return isHeld;
        });
    }

    /** The other finalizers stay; the server refuses the patch if they are others by now. */
    private static String released(Pod pod) {
        ObjectNode patch = ApiJson.mapper().createObjectNode();
        ObjectNode metadata = patch.putObject("metadata")
                .put("resourceVersion", pod.getMetadata().getResourceVersion());
        ArrayNode finalizers = metadata.putArray("finalizers");
        pod.getFinalizers().stream()
                .filter(finalizer -> !finalizer.equals(Names.FINALIZER_STATUS))
                .forEach(finalizers::add);
        return patch.toString();
    }

    /** A pod that Argo's own controller made for the workflow, or an earlier life of it, gets what ours know theirs by. */
    private void adopt(Pod existing, Pod wanted) throws InterruptedException {
        tolerant(
                Demand.work(existing.getMetadata().getNamespace(), 0),
                "adopt pod",
                () -> resource(
                                existing.getMetadata().getNamespace(),
                                existing.getMetadata().getName())
                        .edit(pod -> new PodBuilder(pod)
                                .editMetadata()
                                .addToLabels(wanted.getMetadata().getLabels())
                                .addToAnnotations(wanted.getMetadata().getAnnotations())
                                .endMetadata()
                                .build()));
    }

    private static boolean hasSameOwner(Pod existing, Pod wanted) {
        return existing.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> wanted.getMetadata().getOwnerReferences().stream()
                        .anyMatch(ours -> Objects.equals(ours.getUid(), owner.getUid())));
    }

    /** False if it could not be done, and may be later. */
    private boolean tolerant(Demand demand, String what, Supplier<?> request) throws InterruptedException {
        try {
            calls.call(demand, what, request);
        } catch (KubernetesClientException e) {
            ApiFailure failure = ApiFailure.of(e);
            if (failure != ApiFailure.NOT_FOUND) {
                LOG.warn("could not {}: {}", what, ApiFailure.reason(e));
            }
            return failure == ApiFailure.NOT_FOUND || failure == ApiFailure.PERMANENT;
        } catch (NullPointerException gone) {
            LOG.debug("{}: the pod is gone", what); // Fabric8's edit of an object that isn't there
        }
        return true;
    }

    private PodResource resource(String namespace, String name) {
        return client.pods().inNamespace(namespace).withName(name);
    }

    private static @Nullable String workflowUid(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Names.ANNOTATION_WORKFLOW_UID);
    }

    private static int nodeSeq(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        return PodObservation.nodeSeq(annotations == null ? null : annotations.get(ANNOTATION_NODE_SEQ));
    }
}
