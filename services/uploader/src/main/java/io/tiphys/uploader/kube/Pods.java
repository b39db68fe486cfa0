package io.tiphys.uploader.kube;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Whether a pod still lives; only then its capability is renewed. */
public final class Pods {
    private final KubernetesClient client;

    public Pods(KubernetesClient client) {
        this.client = client;
    }

    /** Whether the pod is there and has not ended. */
    public boolean isAlive(String namespace, String name) {
        var pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod == null || pod.getStatus() == null) {
            return false;
        }
        return !"Succeeded".equals(pod.getStatus().getPhase())
                && !"Failed".equals(pod.getStatus().getPhase());
    }
}
