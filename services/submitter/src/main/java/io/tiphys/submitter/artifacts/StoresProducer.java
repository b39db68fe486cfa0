package io.tiphys.submitter.artifacts;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.submitter.config.OssConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Object storage as the submitter sees it: with the Secrets that locations name, or with its own identity. */
final class StoresProducer {
    private StoresProducer() {}

    @Produces
    @Singleton
    static Stores stores(KubernetesClient client, OssConfig config) {
        return new Stores(List.of(new OssDriver(own(config))), new KubernetesSecrets(client));
    }

    private static @Nullable Credentials own(OssConfig config) {
        if (config.accessKeyId().isEmpty() || config.accessKeySecret().isEmpty()) {
            return null;
        }
        return new Credentials(
                config.accessKeyId().get(),
                config.accessKeySecret().get(),
                config.securityToken().orElse(null));
    }

    private record KubernetesSecrets(KubernetesClient client) implements Secrets {
        @Override
        public Optional<String> value(String namespace, String secret, String key) throws StoreException {
            try {
                Secret found =
                        client.secrets().inNamespace(namespace).withName(secret).get();
                return Optional.ofNullable(found)
                        .map(Secret::getData)
                        .map(data -> data.get(key))
                        .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
            } catch (KubernetesClientException e) {
                Kind kind = e.getCode() == 401 || e.getCode() == 403 ? Kind.REFUSED : Kind.UNAVAILABLE;
                throw new StoreException(
                        kind, "Secret " + namespace + "/" + secret + " can't be read: " + e.getMessage(), e);
            }
        }
    }
}
