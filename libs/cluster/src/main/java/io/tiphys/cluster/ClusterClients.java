package io.tiphys.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import io.fabric8.kubernetes.client.utils.Utils;

/** Clients of the Kubernetes API server. */
public final class ClusterClients {
    private ClusterClients() {}

    /**
     * The client, or where nobody proves who he is by a token (client certificates, or nothing at all) one like it that doesn't look
     * for a fresh token before every single request. Fabric8 does so all the same, and reads the whole kubeconfig for it: three
     * quarters of what a request costs. In a pod there is a token, and it is read again once a minute. To
     * be made once per process, which it lives as long as.
     */
    public static KubernetesClient quick(KubernetesClient client) {
        Config config = client.getConfiguration();
        return hasToken(config)
                ? client
                : new KubernetesClientBuilder()
                        .withConfig(config)
                        .withKubernetesSerialization(client.getKubernetesSerialization())
                        .withHttpClientBuilderConsumer(
                                http -> http.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, null))
                        .build();
    }

    private static boolean hasToken(Config config) {
        return config.getOauthTokenProvider() != null
                || Utils.isNotNullOrEmpty(config.getOauthToken())
                || Utils.isNotNullOrEmpty(config.getAutoOAuthToken())
                || Utils.isNotNullOrEmpty(config.getUsername())
                || config.getAuthProvider() != null;
    }
}
