package io.tiphys.artifactgc.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Secrets through the Fabric8 client, read anew each time so that rotated ones take effect. */
public final class KubernetesSecrets implements Secrets {
    private final KubernetesClient client;

    public KubernetesSecrets(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Optional<String> value(String namespace, String name, String key) throws StoreException {
        try {
            Secret secret =
                    client.secrets().inNamespace(namespace).withName(name).get();
            return Optional.ofNullable(secret)
                    .map(Secret::getData)
                    .map((Map<String, String> data) -> data.get(key))
                    .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (KubernetesClientException e) {
            boolean refused = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                    || e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
            throw new StoreException(
                    refused ? StoreException.Kind.REFUSED : StoreException.Kind.UNAVAILABLE,
                    "the Secret %s/%s could not be read: HTTP %d".formatted(namespace, name, e.getCode()),
                    e);
        }
    }
}
