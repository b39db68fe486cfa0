package io.tiphys.artifacts.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpStoreTest extends ArtifactStoreContract {
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("user:pass word".getBytes(UTF_8));

    @SuppressWarnings("NullAway.Init") // set before each
    private FileServer server;

    @SuppressWarnings("NullAway.Init") // set before each
    private Stores stores;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer();
        server.authorization = BASIC;
        var clock = InstantSource.system();
        Secrets secrets = (namespace, secret, key) -> Optional.ofNullable(Map.of(
                        "default/http/user", "user",
                        "default/http/password", "pass word",
                        "default/http/id", "me",
                        "default/http/secret", "s3cret",
                        "default/http/token", server.url("/token"))
                .get(namespace + "/" + secret + "/" + key));
        stores = new Stores(List.of(HttpDriver.http(clock), HttpDriver.artifactory(clock), new RawDriver()), secrets);
    }

    @AfterEach
    void stop() {
        stores.close();
        server.close();
    }

    private static Map<String, Object> secret(String key) {
        return Map.of("name", "http", "key", key);
    }

    private Located artifactory(String path) throws StoreException {
        return stores.locate(
                "default",
                Map.of(
                        "artifactory",
                        Map.of(
                                "url",
                                server.url(path),
                                "usernameSecret",
                                secret("user"),
                                "passwordSecret",
                                secret("password"))));
    }

    private Located http(String path, Map<String, Object> auth) throws StoreException {
        return stores.locate(
                "default",
                Map.of(
                        "http",
                        Map.of(
                                "url",
                                server.url(path),
                                "headers",
                                List.of(Map.of("name", "X-Own", "value", "mine")),
                                "auth",
                                auth)));
    }

    /** The contract's keys, each below a folder of the server. */
    @Override
    protected ArtifactStore store() throws StoreException {
        return new Below(artifactory("/files/any").store(), "files/");
    }

    private static String read(Located located) throws IOException {
        try (var in = located.store().read(located.key())) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void headersAndBasicCredentialsAreSent() throws Exception {
        server.keep("/files/a b/ü", "content");
        var located = http(
                "/files/a%20b/%C3%BC?v=1",
                Map.of("basicAuth", Map.of("usernameSecret", secret("user"), "passwordSecret", secret("password"))));
        assertThat(located.key()).isEqualTo("files/a b/ü");
        assertThat(read(located)).isEqualTo("content");
        assertThat(server.seen).containsExactly("GET /files/a%20b/%C3%BC?v=1 " + BASIC + " mine");
    }

    @Test
    void aTokenIsAskedForOnceAndAgainWhenItIsRefused() throws Exception {
        server.keep("/files/x", "content");
        var auth = Map.<String, Object>of(
                "oauth2",
                Map.of(
                        "clientIDSecret",
                        secret("id"),
                        "clientSecretSecret",
                        secret("secret"),
                        "tokenURLSecret",
                        secret("token"),
                        "scopes",
                        List.of("a", "b"),
                        "endpointParams",
                        List.of(Map.of("key", "audience", "value", "store"))));
        assertThat(read(http("/files/x", auth))).isEqualTo("content");
        assertThat(read(http("/files/x", auth))).isEqualTo("content");
        assertThat(server.tokens).hasValue(1);
        server.authorization = "Bearer another";
        assertThat(read(http("/files/x", auth))).isEqualTo("content");
        assertThat(server.tokens).hasValue(2);
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() throws Exception {
        server.authorization = "";
        server.keep("/files/x", "content");
        var located = http(
                "/moved/files/x",
                Map.of("basicAuth", Map.of("usernameSecret", secret("user"), "passwordSecret", secret("password"))));
        assertThat(read(located)).isEqualTo("content");
        assertThat(server.seen).containsExactly("GET /moved/files/x " + BASIC + " mine", "GET /files/x null null");
    }

    @Test
    void aServerWithoutRangesAndLengthsIsReadAllTheSame() throws Exception {
        server.keep("/plain/x", "0123456789");
        var located = http("/plain/x", Map.of());
        assertThat(located.store().head(located.key()).orElseThrow().sizeBytes())
                .isEqualTo(-1);
        try (var in = located.store().read(located.key(), 3, 5)) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("345");
        }
    }

    @Test
    void aRefusalNamesTheUrlAndNoCredential() throws Exception {
        server.authorization = "Basic other";
        var located = artifactory("/files/x?sig=abc");
        assertThatThrownBy(() -> read(located))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED))
                .hasMessageContaining("cannot read " + server.url("/files/x") + ": HTTP 401, who are you?")
                .hasMessageNotContaining("abc")
                .hasMessageNotContaining("pass");
        assertThatThrownBy(() -> stores.locate("default", Map.of("http", Map.of("url", "ftp://h/x"))))
                .hasMessage("http.url must be a URL that begins with http:// or https://, not \"ftp://h/x\"");
        assertThatThrownBy(() -> http(
                                "/files/x",
                                Map.of(
                                        "clientCert",
                                        Map.of("clientCertSecret", secret("user"), "clientKeySecret", secret("user"))))
                        .store())
                .hasMessageContaining("http.auth.clientCert: clientCertSecret");
    }

    @Test
    void rawTextIsAnObject() throws Exception {
        var located = stores.locate("default", Map.of("raw", Map.of("data", "héllo")));
        assertThat(read(located)).isEqualTo("héllo");
        assertThat(located.store().head(located.key()).orElseThrow().sizeBytes())
                .isEqualTo(6);
    }
}
