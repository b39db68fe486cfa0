package io.tiphys.artifacts.oss;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.CredentialsProvider;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.OSSArtifact;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code oss}. One SDK client per endpoint and identity is kept. The identity comes from the location's Secret, or is
 * the service's own with {@code useSDKCreds} or when no Secret is named.
 */
public final class OssDriver implements StoreDriver, AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int CONNECTIONS = 256;

    private record Identity(String endpoint, Credentials credentials) {}

    private final @Nullable Credentials own;
    private final Map<Identity, OSS> clients = new ConcurrentHashMap<>();

    /** A driver with the service's own identity; {@code null}: every location must name a Secret. */
    public OssDriver(@Nullable Credentials own) {
        this.own = own;
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var oss = location.oss();
        if (oss == null) {
            return Optional.empty();
        }
        var endpoint = required(oss.endpoint(), "endpoint");
        var bucket = required(oss.bucket(), "bucket");
        var key = "".equals(oss.key()) ? "" : required(oss.key(), "key"); // the empty key is the bucket, for listing it
        var client = clients.computeIfAbsent(
                new Identity(endpoint, credentials(oss, namespace, secrets)), OssDriver::connect);
        return Optional.of(new Located(new OssStore(client, bucket), key.replaceFirst("^/+", "")));
    }

    private Credentials credentials(OSSArtifact oss, String namespace, Secrets secrets) throws StoreException {
        var id = oss.accessKeySecret();
        var secret = oss.secretKeySecret();
        if (!oss.useSDKCreds() && id != null && secret != null) {
            return new Credentials(read(id, namespace, secrets), read(secret, namespace, secrets), oss.securityToken());
        }
        if (own == null) {
            throw new StoreException(
                    Kind.REFUSED,
                    "bucket " + oss.bucket()
                            + ": the location names no accessKeySecret and secretKeySecret, and this service has no"
                            + " credentials of its own (TIPHYS_OSS_ACCESS_KEY_ID, TIPHYS_OSS_ACCESS_KEY_SECRET)");
        }
        return own;
    }

    private static String read(SecretKeySelector selector, String namespace, Secrets secrets) throws StoreException {
        return secrets.value(namespace, selector.getName(), selector.getKey())
                .map(String::strip)
                .orElseThrow(() -> new StoreException(
                        Kind.REFUSED,
                        "there is no key \"" + selector.getKey() + "\" in the Secret " + namespace + "/"
                                + selector.getName() + ", which the artifact's location names"));
    }

    private static String required(@Nullable String value, String field) throws StoreException {
        if (value == null || value.isBlank()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks oss." + field);
        }
        return value;
    }

    private static OSS connect(Identity identity) {
        var configuration = new ClientBuilderConfiguration();
        configuration.setConnectionTimeout(TIMEOUT_MILLIS);
        configuration.setSocketTimeout(TIMEOUT_MILLIS);
        configuration.setMaxConnections(CONNECTIONS);
        configuration.setMaxErrorRetry(2);
        var own = identity.credentials();
        CredentialsProvider provider =
                new DefaultCredentialProvider(own.accessKeyId(), own.accessKeySecret(), own.securityToken());
        return new OSSClientBuilder().build(identity.endpoint(), provider, configuration);
    }

    @Override
    public void close() {
        clients.values().forEach(OSS::shutdown);
        clients.clear();
    }
}
