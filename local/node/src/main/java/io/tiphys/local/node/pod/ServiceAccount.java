package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.Mount;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How programs in a pod find the API server: the files of the service account where Kubernetes mounts them, and the variables. The local
 * API server speaks plain HTTP and lets everybody in, so any text is a token, and besides {@code KUBERNETES_SERVICE_HOST} there are
 * {@code KUBERNETES_MASTER} with the scheme and {@code KUBECONFIG} for kubectl.
 */
record ServiceAccount(Pod pod, PodFolder folder, URI apiServer) {
    private static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

    boolean isMounted() {
        return !Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken());
    }

    Map<String, String> variables() {
        String port = Integer.toString(apiServer.getPort());
        Map<String, String> always = Map.of(
                "KUBERNETES_SERVICE_HOST",
                apiServer.getHost(),
                "KUBERNETES_SERVICE_PORT",
                port,
                "KUBERNETES_PORT",
                "tcp://" + apiServer.getHost() + ":" + port,
                "KUBERNETES_MASTER",
                apiServer.toString());
        if (!isMounted()) {
            return always;
        }
        Map<String, String> all = new java.util.HashMap<>(always);
        all.put("KUBECONFIG", PATH + "/kubeconfig");
        return all;
    }

    /** What a container sees of it; nothing if the pod doesn't want it. */
    Optional<Mount> mount() throws IOException {
        if (!isMounted()) {
            return Optional.empty();
        }
        Path files = folder.volumes().resolveSibling("service-account");
        if (!Files.exists(files.resolve("kubeconfig"))) {
            PodFolder.open(files, "rwxr-xr-x");
            String namespace = pod.getMetadata().getNamespace();
            Files.writeString(files.resolve("token"), "local");
            Files.writeString(files.resolve("namespace"), namespace);
            Files.writeString(files.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: local, cluster: {server: "%s"}}]
                    users: [{name: pod, user: {token: local}}]
                    contexts: [{name: local, context: {cluster: local, user: pod, namespace: "%s"}}]
                    current-context: local
                    """.formatted(apiServer, namespace));
        }
        return Optional.of(Mount.folder(files.toRealPath(), PATH).asReadOnly());
    }
}
