package io.tiphys.artifacts.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.Clients;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code azure}. The identity is the account's key, or a shared access signature, of the location's Secret, or with {@code useSDKCreds} what the SDK
 * finds in the service's surroundings (workload identity, managed identity, environment). The account's name is the endpoint's first label, or
 * the first part of its path where the host is an address, as emulators have it.
 */
public final class AzureDriver implements StoreDriver {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    /** An account and its key, or the surroundings' identity (no key); {@code toString} keeps it. */
    private record Identity(String endpoint, @Nullable String key) {
        @Override
        public String toString() {
            return "Identity[" + endpoint + "]";
        }
    }

    /** A client of an account; with a key it signs URLs by itself. */
    record Account(BlobServiceClient client, boolean signs) {}

    private final Clients<Identity, Account> accounts;

    public AzureDriver(InstantSource clock) {
        this.accounts = new Clients<>(AzureDriver::connect, _ -> {}, clock);
    }

    @Override
    public String kind() {
        return "azure";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var azure = location.azure();
        if (azure == null) {
            return Optional.empty();
        }
        if (azure.container().isBlank()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks azure.container");
        }
        var endpoint = endpoint(azure.endpoint());
        var key = azure.useSDKCreds() ? null : secrets.resolve(namespace, azure.accountKeySecret());
        if (key == null && !azure.useSDKCreds()) {
            throw new StoreException(
                    Kind.REFUSED, "the artifact's location has neither azure.accountKeySecret nor azure.useSDKCreds");
        }
        try {
            var account = accounts.of(new Identity(endpoint, key));
            return Optional.of(new Located(
                    new AzureStore(account, azure.container()), azure.blob().replaceFirst("^/+", "")));
        } catch (IllegalArgumentException e) {
            // the SDK's text may repeat the key
            throw new StoreException(Kind.REFUSED, "azure.accountKeySecret holds no account key in Base64");
        }
    }

    private static String endpoint(String text) throws StoreException {
        try {
            var uri = URI.create(text.replaceFirst("/+$", ""));
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawQuery() == null && uri.getUserInfo() == null) {
                return uri.toString();
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(
                Kind.REFUSED,
                "azure.endpoint must be a URL like https://ACCOUNT.blob.core.windows.net, without a signature, not \""
                        + text.replaceFirst("\\?.*", "?…") + "\"");
    }

    static String accountName(String endpoint) {
        var uri = URI.create(endpoint);
        boolean emulator = uri.getHost().matches("[0-9.]+|localhost|\\[.*]")
                || uri.getHost().indexOf('.') < 0;
        var path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        return emulator && !path.isEmpty()
                ? path.replaceFirst("/.*", "")
                : uri.getHost().replaceFirst("\\..*", "");
    }

    private static Account connect(Identity identity) {
        HttpClient http = new JdkHttpClientBuilder()
                .connectionTimeout(TIMEOUT)
                .readTimeout(TIMEOUT)
                .build();
        var builder = new BlobServiceClientBuilder()
                .endpoint(identity.endpoint())
                .httpClient(http)
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL, TRIES, null, Duration.ofMillis(500), Duration.ofSeconds(4), null));
        if (identity.key() == null) {
            builder.credential(
                    new DefaultAzureCredentialBuilder().httpClient(http).build());
        } else {
            builder.credential(new StorageSharedKeyCredential(accountName(identity.endpoint()), identity.key()));
        }
        return new Account(builder.buildClient(), identity.key() != null && !isSharedAccessSignature(identity.key()));
    }

    /** The Secret may hold a signature instead of a key, as Argo has it; a key in Base64 has no ampersand. */
    private static boolean isSharedAccessSignature(String key) {
        return key.contains("sig=") && key.contains("&");
    }

    @Override
    public void close() {
        accounts.close();
    }
}
