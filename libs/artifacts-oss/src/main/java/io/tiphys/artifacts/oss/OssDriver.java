package io.tiphys.artifacts.oss;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.CredentialsProvider;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.OSSArtifact;
import io.tiphys.artifacts.Clients;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code oss}. One SDK client per endpoint and identity is kept. The identity comes from the location's Secret, or is
 * the service's own with {@code useSDKCreds} or when no Secret is named. Requests are signed with V4 where the endpoint's name tells the
 * region (or a region is set), else with V1.
 */
public final class OssDriver implements StoreDriver {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int CONNECTIONS = 256;
    private static final Pattern REGION = Pattern.compile("(?:^|[./])oss-([a-z0-9-]+?)(?:-internal)?\\.aliyuncs\\.com");

    /** Whose requests they are: of a Secret's key, or the service's own (no key). */
    private record Identity(String endpoint, @Nullable Credentials key) {}

    private final @Nullable CredentialsProvider own;
    private final @Nullable String region;
    private final Clients<Identity, OssClients> clients;

    /** A driver with the service's own identity; {@code null}: every location must name a Secret. */
    public OssDriver(@Nullable Credentials own) {
        this(own == null ? null : fixed(own), null, InstantSource.system());
    }

    /**
     * A driver with the service's own identity.
     *
     * @param own may be asked for each request, so that temporary credentials are renewed; {@code null}: every location must name a Secret
     * @param region of endpoints whose name doesn't tell it, for example {@code cn-hangzhou}
     */
    public OssDriver(@Nullable CredentialsProvider own, @Nullable String region, InstantSource clock) {
        this.own = own;
        this.region = region;
        this.clients = new Clients<>(this::connect, OssClients::shutdown, clock);
    }

    @Override
    public String kind() {
        return "oss";
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
        var client = clients.of(new Identity(endpoint, credentials(oss, namespace, secrets)));
        var wishes = new OssStore.Wishes(oss.createBucketIfNotPresent(), oss.lifecycleRule());
        return Optional.of(new Located(new OssStore(client, bucket, wishes), key.replaceFirst("^/+", "")));
    }

    private @Nullable Credentials credentials(OSSArtifact oss, String namespace, Secrets secrets)
            throws StoreException {
        if (!oss.useSDKCreds()) {
            var id = secrets.resolve(namespace, oss.accessKeySecret());
            var secret = secrets.resolve(namespace, oss.secretKeySecret());
            if (id != null && secret != null) {
                return new Credentials(id, secret, oss.securityToken());
            }
        }
        if (own == null) {
            throw new StoreException(
                    Kind.REFUSED,
                    "bucket " + oss.bucket()
                            + ": the location names no accessKeySecret and secretKeySecret, and this service has no"
                            + " credentials of its own (TIPHYS_OSS_ACCESS_KEY_ID, TIPHYS_OSS_ACCESS_KEY_SECRET)");
        }
        return null;
    }

    private static String required(@Nullable String value, String field) throws StoreException {
        if (value == null || value.isBlank()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks oss." + field);
        }
        return value;
    }

    private OssClients connect(Identity identity) {
        return new OssClients(connect(identity, true), connect(identity, false));
    }

    private OSS connect(Identity identity, boolean summing) {
        var configuration = new ClientBuilderConfiguration();
        configuration.setConnectionTimeout(TIMEOUT_MILLIS);
        configuration.setSocketTimeout(TIMEOUT_MILLIS);
        configuration.setMaxConnections(CONNECTIONS);
        configuration.setMaxErrorRetry(2);
        configuration.setCrcCheckEnabled(summing);
        var builder = OSSClientBuilder.create()
                .endpoint(identity.endpoint())
                .credentialsProvider(identity.key() == null ? own : fixed(identity.key()))
                .clientConfiguration(configuration);
        var signedFor = regionOf(identity.endpoint()).orElse(region);
        if (signedFor != null) {
            configuration.setSignatureVersion(SignVersion.V4);
            builder.region(signedFor);
        }
        return builder.build();
    }

    /** The region that an endpoint's name tells: {@code oss-cn-hangzhou-internal.aliyuncs.com} → {@code cn-hangzhou}. */
    static Optional<String> regionOf(String endpoint) {
        return Optional.of(REGION.matcher(endpoint)).filter(Matcher::find).map(m -> m.group(1));
    }

    private static CredentialsProvider fixed(Credentials key) {
        return new DefaultCredentialProvider(key.accessKeyId(), key.accessKeySecret(), key.securityToken());
    }

    @Override
    public void close() {
        clients.close();
    }
}
