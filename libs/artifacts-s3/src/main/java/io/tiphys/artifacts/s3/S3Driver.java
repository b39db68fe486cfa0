package io.tiphys.artifacts.s3;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.S3Artifact;
import io.tiphys.artifacts.Clients;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.TrustedCertificates;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Locations of the kind {@code s3}. The identity comes from the location's Secrets, or is what the SDK finds in the service's surroundings
 * ({@code useSDKCreds}, or no Secret named): environment, web identity of the service account, container or machine; with {@code roleARN} it
 * takes that role. The SDK renews what is temporary.
 */
public final class S3Driver implements StoreDriver {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String DEFAULT_REGION = "us-east-1";
    private static final Pattern AWS =
            Pattern.compile("s3(?:[.-](?:dualstack\\.)?([a-z0-9-]+))?\\.amazonaws\\.com(?:\\.cn)?");

    /** What makes a client another one. */
    private record Identity(
            @Nullable URI endpoint,
            String region,
            boolean pathStyle,
            @Nullable Credentials key,
            @Nullable String roleArn,
            @Nullable String certificates) {}

    /** A client and what signs like it. */
    record Connection(S3Client s3, S3Presigner presigner, Runnable onClose) {
        void close() {
            presigner.close();
            s3.close();
            onClose.run();
        }
    }

    private final Clients<Identity, Connection> connections;

    public S3Driver(InstantSource clock) {
        this.connections = new Clients<>(S3Driver::connect, Connection::close, clock);
    }

    @Override
    public String kind() {
        return "s3";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var s3 = location.s3();
        if (s3 == null) {
            return Optional.empty();
        }
        var bucket = s3.bucket();
        if (bucket == null || bucket.isBlank()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks s3.bucket");
        }
        var key = s3.key();
        if (key == null) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks s3.key");
        }
        var identity = identity(s3, namespace, secrets);
        var wishes = new S3Store.Wishes(
                s3.createBucketIfNotPresent() != null,
                s3.createBucketIfNotPresent() != null
                        && s3.createBucketIfNotPresent().objectLocking(),
                identity.region(),
                Encryption.of(s3.encryptionOptions(), namespace, secrets),
                identity.certificates() == null);
        return Optional.of(
                new Located(new S3Store(connections.of(identity), bucket, wishes), key.replaceFirst("^/+", "")));
    }

    private static Identity identity(S3Artifact s3, String namespace, Secrets secrets) throws StoreException {
        var host = s3.endpoint() == null ? "" : s3.endpoint().replaceFirst("/+$", "");
        boolean insecure = Boolean.TRUE.equals(s3.insecure()) || host.startsWith("http://");
        var plain = host.replaceFirst("^https?://", "");
        var aws = AWS.matcher(plain);
        boolean amazon = plain.isEmpty() || aws.matches();
        var told = s3.region() == null || s3.region().isEmpty() ? null : s3.region();
        var region = told != null
                ? told
                : amazon && !plain.isEmpty() && aws.group(1) != null ? aws.group(1) : DEFAULT_REGION;
        var style = s3.addressingStyle() == null ? "" : s3.addressingStyle();
        boolean pathStyle = style.startsWith("path") || (!style.startsWith("virtual") && !amazon);
        var certificates = secrets.resolve(namespace, s3.caSecret());
        var roleArn = s3.roleARN() == null || s3.roleARN().isEmpty() ? null : s3.roleARN();
        return new Identity(
                amazon ? null : endpoint((insecure ? "http://" : "https://") + plain),
                region,
                pathStyle,
                s3.useSDKCreds() ? null : key(s3, namespace, secrets),
                roleArn,
                certificates);
    }

    private static @Nullable Credentials key(S3Artifact s3, String namespace, Secrets secrets) throws StoreException {
        var id = secrets.resolve(namespace, s3.accessKeySecret());
        var secret = secrets.resolve(namespace, s3.secretKeySecret());
        if (id == null || secret == null) {
            return null;
        }
        return new Credentials(id, secret, secrets.resolve(namespace, s3.sessionTokenSecret()));
    }

    private static URI endpoint(String url) throws StoreException {
        try {
            var uri = URI.create(url);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(
                Kind.REFUSED, "s3.endpoint must be a host and perhaps a port, like minio:9000, not \"" + url + "\"");
    }

    private static Connection connect(Identity identity) {
        var http = http(identity.certificates());
        var region = Region.of(identity.region());
        AwsCredentialsProvider provider = provider(identity.key());
        Runnable onClose = http::close;
        if (identity.roleArn() != null) {
            var sts = StsClient.builder()
                    .region(region)
                    .credentialsProvider(provider)
                    .httpClient(http)
                    .build();
            var role = StsAssumeRoleCredentialsProvider.builder()
                    .stsClient(sts)
                    .refreshRequest(r -> r.roleArn(identity.roleArn()).roleSessionName("tiphys"))
                    .build();
            provider = role;
            onClose = () -> {
                role.close();
                sts.close();
                http.close();
            };
        }
        var configuration = S3Configuration.builder()
                .pathStyleAccessEnabled(identity.pathStyle())
                .build();
        var client = S3Client.builder()
                .region(region)
                .credentialsProvider(provider)
                .httpClient(http)
                .serviceConfiguration(configuration)
                // Stores that only speak S3 know Content-MD5, but often none of the newer sums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create());
        var presigner = S3Presigner.builder()
                .region(region)
                .credentialsProvider(provider)
                .serviceConfiguration(configuration);
        if (identity.endpoint() != null) {
            client.endpointOverride(identity.endpoint());
            presigner.endpointOverride(identity.endpoint());
        }
        return new Connection(client.build(), presigner.build(), onClose);
    }

    private static SdkHttpClient http(@Nullable String certificates) {
        var http = UrlConnectionHttpClient.builder().connectionTimeout(TIMEOUT).socketTimeout(TIMEOUT);
        if (certificates != null) {
            var trusted = TrustedCertificates.of(certificates);
            http.tlsTrustManagersProvider(() -> new javax.net.ssl.TrustManager[] {trusted});
        }
        return http.build();
    }

    private static AwsCredentialsProvider provider(@Nullable Credentials key) {
        if (key == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        var token = key.securityToken();
        return StaticCredentialsProvider.create(
                token == null || token.isEmpty()
                        ? AwsBasicCredentials.create(key.accessKeyId(), key.accessKeySecret())
                        : AwsSessionCredentials.create(key.accessKeyId(), key.accessKeySecret(), token));
    }

    @Override
    public void close() {
        connections.close();
    }
}
