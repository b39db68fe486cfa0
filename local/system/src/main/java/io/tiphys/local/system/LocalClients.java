package io.tiphys.local.system;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** Clients of the instance's own API server. */
final class LocalClients {
    private LocalClients() {}

    static KubernetesClient to(String apiServer) {
        return new KubernetesClientBuilder().withConfig(config(apiServer)).build();
    }

    static Config config(String apiServer) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(apiServer)
                .withTrustCerts(true)
                .build();
    }
}
