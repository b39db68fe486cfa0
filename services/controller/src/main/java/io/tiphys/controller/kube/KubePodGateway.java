package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.tiphys.pods.Names;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PodGateway} over the Kubernetes client. */
public final class KubePodGateway implements PodGateway {
    private static final Logger LOG = LoggerFactory.getLogger(KubePodGateway.class);

    private final KubernetesClient client;
    private final ApiCalls calls;

    public KubePodGateway(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    @Override
    public Ensured ensure(Pod pod, boolean takesOver) throws InterruptedException {
        try {
            calls.call(
                    "create pod",
                    () -> client.pods()
                            .inNamespace(pod.getMetadata().getNamespace())
                            .resource(pod)
                            .create());
            return new Ensured.Created();
        } catch (KubernetesClientException e) {
            String reason = ApiFailure.reason(e);
            return switch (ApiFailure.of(e)) {
                case ALREADY_EXISTS, CONFLICT -> existing(pod, takesOver, reason);
                case TRANSIENT, QUOTA -> new Ensured.Refused(reason, true);
                case NOT_FOUND, PERMANENT -> new Ensured.Refused(reason, false);
            };
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
        boolean isEarlier = PodObservation.nodeSeq(existing) < PodObservation.nodeSeq(wanted);
        if (isOurs && isEarlier && PodObservation.nodeSeq(existing) >= 0 && !takesOver) {
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
    public void delete(String namespace, String name) throws InterruptedException {
        tolerant("delete pod", () -> resource(namespace, name).delete());
    }

    @Override
    public void terminate(String namespace, String name) throws InterruptedException {
        tolerant(
                "terminate pod",
                () -> resource(namespace, name)
                        .edit(pod -> new PodBuilder(pod)
                                .editSpec()
                                .withActiveDeadlineSeconds(1L)
                                .endSpec()
                                .build()));
    }

    @Override
    public void labelCompleted(String namespace, String name) throws InterruptedException {
        tolerant(
                "label pod",
                () -> resource(namespace, name)
                        .edit(pod -> new PodBuilder(pod)
                                .editMetadata()
                                .addToLabels(Names.LABEL_COMPLETED, "true")
                                .endMetadata()
                                .build()));
    }

    /** A pod that Argo's own controller made for the workflow, or an earlier life of it, gets what ours know theirs by. */
    private void adopt(Pod existing, Pod wanted) throws InterruptedException {
        tolerant(
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

    private void tolerant(String what, Supplier<?> request) throws InterruptedException {
        try {
            calls.call(what, request);
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.NOT_FOUND) {
                LOG.warn("could not {}: {}", what, ApiFailure.reason(e));
            }
        } catch (NullPointerException gone) {
            LOG.debug("{}: the pod is gone", what); // Fabric8's edit of an object that isn't there
        }
    }

    private PodResource resource(String namespace, String name) {
        return client.pods().inNamespace(namespace).withName(name);
    }

    private static @Nullable String workflowUid(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Names.ANNOTATION_WORKFLOW_UID);
    }
}
