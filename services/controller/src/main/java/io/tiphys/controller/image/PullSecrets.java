package io.tiphys.controller.image;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.controller.kube.ApiCalls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the Secrets with credentials at registries that a pod brings: its own, then its service account's. Missing ones are passed over, as by the kubelet. */
final class PullSecrets {
    private final KubernetesClient client;
    private final ApiCalls calls;

    PullSecrets(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /**
     * The credentials of the pod's own Secrets, then of its service account's.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException what the API server refuses
     */
    List<Credentials.Entry> read(String namespace, List<String> own, String serviceAccount)
            throws InterruptedException {
        Set<String> names = new LinkedHashSet<>(own);
        ServiceAccount account = calls.call(
                "get serviceaccount",
                () -> client.serviceAccounts()
                        .inNamespace(namespace)
                        .withName(serviceAccount)
                        .get());
        if (account != null && account.getImagePullSecrets() != null) {
            account.getImagePullSecrets().stream()
                    .map(LocalObjectReference::getName)
                    .forEach(names::add);
        }
        List<Credentials.Entry> entries = new ArrayList<>();
        for (String name : names) {
            Secret secret = calls.call(
                    "get secret",
                    () -> client.secrets().inNamespace(namespace).withName(name).get());
            if (secret != null) {
                entries.addAll(Credentials.in(secret));
            }
        }
        return entries;
    }
}
