package io.tiphys.executor.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tiphys.executor.http.UploaderClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The API server as seen from a pod, with the mounted service account; the token is read for each request, as the kubelet renews it. */
public final class KubeApi {
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final String JSON_TYPE = "application/json";

    private final HttpClient http;
    private final String base;
    private final Path account;

    private KubeApi(HttpClient http, String base, Path account) {
        this.http = http;
        this.base = base.replaceAll("/+$", "");
        this.account = account;
    }

    /**
     * As the environment says: {@code KUBERNETES_MASTER} (a URL), else {@code KUBERNETES_SERVICE_HOST} and {@code _PORT} with TLS.
     *
     * @throws IOException when neither is set or the account's certificate can't be read
     */
    public static KubeApi from(Map<String, String> environment) throws IOException {
        Path account = Path.of(environment.getOrDefault("TIPHYS_SERVICE_ACCOUNT_DIR", ACCOUNT.toString()));
        String url = environment.get("KUBERNETES_MASTER");
        if (url == null || url.isBlank()) {
            String host = environment.get("KUBERNETES_SERVICE_HOST");
            if (host == null || host.isBlank()) {
                throw new IOException(
                        "neither KUBERNETES_SERVICE_HOST nor KUBERNETES_MASTER is set: a resource template needs the API server");
            }
            String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
            url = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
        HttpClient.Builder http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
        if (url.startsWith("https:") && Files.exists(account.resolve("ca.crt"))) {
            http.sslContext(trusting(account.resolve("ca.crt")));
        }
        return new KubeApi(http.build(), url, account);
    }

    private static SSLContext trusting(Path certificates) throws IOException {
        try (var in = Files.newInputStream(certificates)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + n++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("can't use the certificates in " + certificates + ": " + e.getMessage(), e);
        }
    }

    /** The namespace of the service account, if it is mounted. */
    @Nullable
    String namespace() throws IOException {
        Path file = account.resolve("namespace");
        return Files.exists(file) ? Files.readString(file).strip() : null;
    }

    JsonNode get(String path) throws IOException {
        return send("GET", path, null, JSON_TYPE, "");
    }

    /**
     * Sends a request and reads the answer as JSON.
     *
     * @param doing begins the message of a refusal, e.g. {@code error when creating "x": }
     */
    JsonNode send(String method, String path, @Nullable String body, String contentType, String doing)
            throws IOException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Accept", JSON_TYPE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        Path token = account.resolve("token");
        if (Files.exists(token)) {
            request.header("Authorization", "Bearer " + Files.readString(token).strip());
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            JsonNode answer = json(response.body());
            if (response.statusCode() / 100 != 2) {
                throw ApiException.of(response.statusCode(), answer, doing);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during " + method + " " + path);
        }
    }

    private static JsonNode json(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : UploaderClient.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
