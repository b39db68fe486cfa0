package io.tiphys.artifacts.all;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.StoreSettings.OssIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One secret in every credential of every kind, at a server that refuses everybody and repeats what it was shown: nobody gets to see it. */
class CanaryTest {
    /** 32 characters, as a customer's key needs. */
    private static final String CANARY = "canary-0123456789-canary-abcdef!";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path dir;

    @SuppressWarnings("NullAway.Init") // set before each
    private HttpServer server;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            seen.add("log: " + record.getMessage() + " " + java.util.Arrays.toString(record.getParameters()));
            if (record.getThrown() != null) {
                seen.add("log: " + trace(record.getThrown()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void start() throws IOException {
        Logger.getLogger("").addHandler(handler);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                var echo = ("no: " + exchange.getRequestHeaders().getFirst("Authorization") + " "
                                + exchange.getRequestURI())
                        .getBytes(UTF_8);
                boolean body = !exchange.getRequestMethod().equals("HEAD");
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"none\"");
                exchange.sendResponseHeaders(403, body ? echo.length : -1);
                if (body) {
                    exchange.getResponseBody().write(echo);
                }
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        Logger.getLogger("").removeHandler(handler);
    }

    private static String trace(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static Map<String, Object> secret(String key) {
        return Map.of("name", "canary", "key", key);
    }

    private Map<String, Map<String, Object>> locations() {
        var url = "http://127.0.0.1:" + server.getAddress().getPort();
        var all = new LinkedHashMap<String, Map<String, Object>>();
        all.put(
                "oss",
                Map.of(
                        "oss",
                        Map.of(
                                "endpoint",
                                url,
                                "bucket",
                                "bucket",
                                "key",
                                "k",
                                "securityToken",
                                CANARY,
                                "accessKeySecret",
                                secret("id"),
                                "secretKeySecret",
                                secret("plain"))));
        all.put(
                "oss of the service",
                Map.of("oss", Map.of("endpoint", url, "bucket", "bucket", "key", "k", "useSDKCreds", true)));
        all.put(
                "s3",
                Map.of(
                        "s3",
                        Map.of(
                                "endpoint",
                                url,
                                "bucket",
                                "bucket",
                                "key",
                                "k",
                                "accessKeySecret",
                                secret("id"),
                                "secretKeySecret",
                                secret("plain"),
                                "sessionTokenSecret",
                                secret("plain"),
                                "encryptionOptions",
                                Map.of("enableEncryption", true, "serverSideCustomerKeySecret", secret("plain")))));
        all.put(
                "gcs",
                Map.of("gcs", Map.of("bucket", "bucket", "key", "k", "serviceAccountKeySecret", secret("json"))));
        all.put(
                "azure",
                Map.of(
                        "azure",
                        Map.of(
                                "endpoint",
                                url + "/account",
                                "container",
                                "container",
                                "blob",
                                "k",
                                "accountKeySecret",
                                secret("base64"))));
        all.put(
                "azure with rubbish",
                Map.of(
                        "azure",
                        Map.of(
                                "endpoint",
                                url + "/account",
                                "container",
                                "container",
                                "blob",
                                "k",
                                "accountKeySecret",
                                secret("plain"))));
        all.put(
                "basic",
                http(
                        url,
                        Map.of(
                                "basicAuth",
                                Map.of("usernameSecret", secret("id"), "passwordSecret", secret("plain")))));
        all.put(
                "oauth",
                http(
                        url,
                        Map.of(
                                "oauth2",
                                Map.of(
                                        "clientIDSecret",
                                        secret("id"),
                                        "clientSecretSecret",
                                        secret("plain"),
                                        "tokenURLSecret",
                                        secret("url")))));
        all.put(
                "certificate",
                http(
                        url,
                        Map.of(
                                "clientCert",
                                Map.of("clientCertSecret", secret("plain"), "clientKeySecret", secret("plain")))));
        all.put(
                "in the URL",
                Map.of(
                        "http",
                        Map.of(
                                "url",
                                url.replace("//", "//user:" + CANARY.replace("!", "") + "@") + "/k?sig="
                                        + CANARY.replace("!", ""))));
        all.put(
                "artifactory",
                Map.of(
                        "artifactory",
                        Map.of("url", url + "/k", "usernameSecret", secret("id"), "passwordSecret", secret("plain"))));
        all.put(
                "git",
                Map.of(
                        "git",
                        Map.of(
                                "repo",
                                url + "/x.git",
                                "usernameSecret",
                                secret("id"),
                                "passwordSecret",
                                secret("plain"),
                                "sshPrivateKeySecret",
                                secret("plain"))));
        all.put(
                "git over ssh",
                Map.of("git", Map.of("repo", "ssh://git@127.0.0.1:1/x.git", "sshPrivateKeySecret", secret("plain"))));
        all.put(
                "hdfs",
                Map.of("hdfs", Map.of("addresses", List.of(url), "path", "/k", "krbKeytabSecret", secret("plain"))));
        return all;
    }

    private static Map<String, Object> http(String url, Map<String, Object> auth) {
        return Map.of("http", Map.of("url", url + "/k", "auth", auth));
    }

    private interface Call {
        void run() throws IOException;
    }

    private void attempt(Call call) {
        try {
            call.run();
        } catch (StoreException e) {
            seen.add(trace(e));
            seen.add(trace(e.ofArtifact("data")));
        } catch (IOException e) {
            seen.add(trace(e));
        }
    }

    private void everything(Located located) {
        var store = located.store();
        var key = located.key();
        seen.add(store.name() + " " + located);
        var content = CANARY.length();
        attempt(() -> store.head(key));
        attempt(() -> store.read(key).close());
        attempt(() -> store.put(key, new ByteArrayInputStream(new byte[content]), content, (String) null));
        attempt(() -> store.page(PageRequest.of("")));
        attempt(() -> store.delete(List.of(key)).values().forEach(e -> seen.add(trace(e))));
        attempt(() -> store.beginMultipart(key, null));
        attempt(() -> seen.add(store.signGet(key, Duration.ofMinutes(1)).toString()));
        attempt(store::ensureBucket);
        attempt(store::lifecycleRules);
    }

    @Test
    void theSecretShowsUpNowhere() {
        var values = Map.of(
                "id",
                "jason",
                "plain",
                CANARY,
                "base64",
                Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8)),
                "json",
                "{\"type\":\"service_account\",\"private_key\":\"" + CANARY + "\",\"client_email\":\"x\"}",
                "url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/token");
        var settings = new StoreSettings(
                new OssIdentity.Key(new Credentials("jason", CANARY, null)), null, dir, null, List.of());
        seen.add(settings.toString());
        var tried = new ArrayList<String>();
        try (Stores stores = BuiltInStores.of(
                settings, (_, _, key) -> Optional.ofNullable(values.get(key)), InstantSource.system())) {
            locations().forEach((name, location) -> {
                tried.add(name);
                int before = seen.size();
                attempt(() -> everything(stores.locate("default", location)));
                assertThat(seen.size()).as(name + " was refused or told").isGreaterThan(before);
            });
        }
        assertThat(tried).hasSize(14);
        var hidden = List.of(
                CANARY.replace("!", ""),
                values.get("base64"),
                Base64.getEncoder().encodeToString(("jason:" + CANARY).getBytes(UTF_8)));
        assertThat(seen).allSatisfy(text -> {
            for (var secret : hidden) {
                assertThat(text).doesNotContain(secret);
            }
        });
    }

    @Test
    void aRefusalTellsStoreKeyAndCause() throws IOException {
        try (Stores stores = BuiltInStores.of(
                new StoreSettings(new OssIdentity.Nobody(), null, dir, null, List.of()),
                (_, _, _) -> Optional.of(CANARY),
                InstantSource.system())) {
            var located =
                    stores.locate("default", Objects.requireNonNull(locations().get("artifactory")));
            attempt(() -> located.store().read(located.key()).close());
            assertThat(seen.getFirst())
                    .contains("cannot read http://127.0.0.1:"
                            + server.getAddress().getPort() + "/k: HTTP 403");
            attempt(() -> stores.locate("default", Map.of("plugin", Map.of("name", "x", "key", "k"))));
            assertThat(seen.toString()).contains("artifact driver x not found; known: none");
        }
    }
}
