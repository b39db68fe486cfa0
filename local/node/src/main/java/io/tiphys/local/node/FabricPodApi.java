package io.tiphys.local.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tiphys.local.node.pod.ConfigSource;
import io.tiphys.local.node.pod.PodApi;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** {@link PodApi} over the Fabric8 client. */
final class FabricPodApi implements PodApi {
    private static final PatchContext MERGE =
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final ObjectMapper mapper = new ObjectMapper();
    private final EventRecorder events;

    FabricPodApi(KubernetesClient client, EventRecorder events) {
        this.client = client;
        this.events = events;
    }

    @Override
    public Written writeStatus(Pod pod, PodStatus status) {
        try {
            // The uid makes the server refuse when another pod took the name.
            String patch = mapper.writeValueAsString(
                    Map.of("metadata", Map.of("uid", pod.getMetadata().getUid()), "status", status));
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .subresource("status")
                    .patch(MERGE, patch);
            return Written.DONE;
        } catch (KubernetesClientException e) {
            return e.getCode() == NOT_FOUND || (e.getCode() == CONFLICT && isReplaced(pod))
                    ? Written.GONE
                    : Written.FAILED;
        } catch (IllegalStateException | RejectedExecutionException e) {
            // The HTTP client's own trouble.
            return Written.FAILED;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a pod's status can't be written as JSON", e);
        }
    }

    private boolean isReplaced(Pod pod) {
        try {
            Pod now = client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .get();
            return now == null
                    || !now.getMetadata().getUid().equals(pod.getMetadata().getUid());
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    @Override
    public Written confirmDeletion(Pod pod) {
        String path = "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                + pod.getMetadata().getName();
        DeleteOptions options = new DeleteOptionsBuilder()
                .withGracePeriodSeconds(0L)
                .withNewPreconditions()
                .withUid(pod.getMetadata().getUid())
                .endPreconditions()
                .build();
        try {
            client.raw(path, "DELETE", options);
            return Written.DONE;
        } catch (KubernetesClientException e) {
            return e.getCode() == NOT_FOUND || e.getCode() == CONFLICT ? Written.GONE : Written.FAILED;
        }
    }

    @Override
    public void event(Pod pod, String type, String reason, String message) {
        events.record(pod, type, reason, message);
    }

    @Override
    public ConfigSource config(String namespace) {
        return new ConfigSource() {
            @Override
            public @Nullable ConfigMap configMap(String name) {
                return client.configMaps().inNamespace(namespace).withName(name).get();
            }

            @Override
            public @Nullable Secret secret(String name) {
                return client.secrets().inNamespace(namespace).withName(name).get();
            }

            @Override
            public @Nullable PersistentVolumeClaim claim(String name) {
                return client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
            }
        };
    }
}
