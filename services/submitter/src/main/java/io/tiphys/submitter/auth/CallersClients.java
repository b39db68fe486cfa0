package io.tiphys.submitter.auth;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kubernetes clients with callers' credentials. Those of the latest callers are kept, as each has connections of its own; one that is
 * forgotten is left to those who still use it. For any thread.
 */
final class CallersClients {
    private static final int MOST = 100;

    private final Config base;
    private final HttpClient.Factory connections = HttpClientUtils.getHttpClientFactory();
    private final Map<String, KubernetesClient> latest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KubernetesClient> eldest) {
            return size() > MOST;
        }
    };

    CallersClients(Config base) {
        this.base = base;
    }

    synchronized KubernetesClient of(String authorization) {
        return latest.computeIfAbsent(authorization, this::create);
    }

    private KubernetesClient create(String authorization) {
        ConfigBuilder config = new ConfigBuilder(Config.empty())
                .withMasterUrl(base.getMasterUrl())
                .withNamespace(base.getNamespace())
                .withTrustCerts(base.isTrustCerts())
                .withDisableHostnameVerification(base.isDisableHostnameVerification())
                .withCaCertFile(base.getCaCertFile())
                .withCaCertData(base.getCaCertData())
                .withRequestTimeout(base.getRequestTimeout())
                .withConnectionTimeout(base.getConnectionTimeout())
                .withRequestRetryBackoffLimit(base.getRequestRetryBackoffLimit())
                .withRequestRetryBackoffInterval(base.getRequestRetryBackoffInterval());
        String credentials =
                authorization.substring(authorization.indexOf(' ') + 1).strip();
        if (authorization.startsWith("Basic ")) {
            String[] pair = decoded(credentials).split(":", 2);
            config.withUsername(pair[0]).withPassword(pair.length > 1 ? pair[1] : "");
        } else {
            config.withOauthToken(credentials);
        }
        return new KubernetesClientBuilder()
                .withConfig(config.build())
                .withHttpClientFactory(connections)
                .build();
    }

    private static String decoded(String credentials) {
        try {
            return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return ""; // the Kubernetes API refuses it
        }
    }

    synchronized void close() {
        latest.values().forEach(KubernetesClient::close);
        latest.clear();
    }
}
