package io.tiphys.artifacts.all;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Secrets from the Kubernetes API, remembered for a minute: a fan-out asks for the same one thousands of times, and a rotated one shall count
 * soon. A Secret that isn't there is asked for again each time.
 */
public final class KubernetesSecrets implements Secrets {
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MOST_REMEMBERED = 1000;

    private record Name(String namespace, String secret) {}

    private record Remembered(Secret secret, Instant until) {
        @Override
        public String toString() {
            return "Remembered[until " + until + "]";
        }
    }

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<Name, Remembered> secrets = new ConcurrentHashMap<>();

    public KubernetesSecrets(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Optional<String> value(String namespace, String secret, String key) throws StoreException {
        var found = find(new Name(namespace, secret));
        if (found == null || found.getData() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(found.getData().get(key))
                .map(value -> new String(Base64.getDecoder().decode(value), UTF_8));
    }

    private @Nullable Secret find(Name name) throws StoreException {
        var now = clock.instant();
        var remembered = secrets.get(name);
        if (remembered != null && now.isBefore(remembered.until())) {
            return remembered.secret();
        }
        try {
            var secret = client.secrets()
                    .inNamespace(name.namespace())
                    .withName(name.secret())
                    .get();
            if (secrets.size() >= MOST_REMEMBERED) {
                secrets.clear();
            }
            if (secret != null) {
                secrets.put(name, new Remembered(secret, now.plus(REMEMBERED)));
            }
            return secret;
        } catch (KubernetesClientException e) {
            var kind = e.getCode() == 403 || e.getCode() == 401 ? Kind.REFUSED : Kind.UNAVAILABLE;
            throw new StoreException(
                    kind,
                    "cannot read the Secret " + name.namespace() + "/" + name.secret() + ": " + e.getMessage(),
                    e);
        }
    }
}
