package io.tiphys.artifacts.oss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metadata service and a token service that give sessions of an hour, or are out of order. */
class TemporaryCredentialsTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path dir;

    @SuppressWarnings("NullAway.Init") // set before each
    private HttpServer server;

    private volatile Instant now = START;
    private volatile boolean broken;
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile String asked = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/latest/api/token", exchange -> send(exchange, 200, "metadata-token"));
        server.createContext("/latest/meta-data/ram/security-credentials/", this::metadata);
        server.createContext("/", this::sts);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, text.length());
            exchange.getResponseBody().write(text.getBytes(UTF_8));
        }
    }

    private String session() {
        int n = sessions.incrementAndGet();
        return "\"AccessKeyId\":\"id-%d\",\"AccessKeySecret\":\"secret-%d\",\"SecurityToken\":\"token-%d\",\"Expiration\":\"%s\""
                .formatted(n, n, n, now.plus(Duration.ofHours(1)));
    }

    private void metadata(HttpExchange exchange) throws IOException {
        boolean known = "metadata-token".equals(exchange.getRequestHeaders().getFirst("X-aliyun-ecs-metadata-token"));
        if (broken || !known) {
            send(exchange, 500, "broken");
        } else if (exchange.getRequestURI().getPath().endsWith("/")) {
            send(exchange, 200, "helmsman");
        } else if (exchange.getRequestURI().getPath().endsWith("/helmsman")) {
            send(exchange, 200, "{\"Code\":\"Success\"," + session() + "}");
        } else {
            send(exchange, 404, "no such role");
        }
    }

    private void sts(HttpExchange exchange) throws IOException {
        asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        send(
                exchange,
                broken ? 400 : 200,
                broken
                        ? "{\"Code\":\"AuthenticationFail.OIDCToken.Expired\",\"Message\":\"" + asked + "\"}"
                        : "{\"Credentials\":{" + session() + "}}");
    }

    @Test
    void theMachinesRoleIsRenewedBeforeItEnds() {
        var credentials = TemporaryCredentials.ofMachine(uri(), "", () -> now);
        assertThat(credentials.getCredentials().getAccessKeyId()).isEqualTo("id-1");
        assertThat(credentials.getCredentials().getSecurityToken()).isEqualTo("token-1");
        now = START.plus(Duration.ofMinutes(49));
        assertThat(credentials.getCredentials().getAccessKeyId()).isEqualTo("id-1");
        now = START.plus(Duration.ofMinutes(51));
        assertThat(credentials.getCredentials().getAccessKeyId()).isEqualTo("id-2");
        assertThat(sessions).hasValue(2);
    }

    @Test
    void whatIsStillGoodIsUsedWhileRenewingFails() {
        var credentials = TemporaryCredentials.ofMachine(uri(), "helmsman", () -> now);
        credentials.getCredentials();
        broken = true;
        now = START.plus(Duration.ofMinutes(55));
        assertThat(credentials.getCredentials().getAccessKeyId()).isEqualTo("id-1");
        now = START.plus(Duration.ofMinutes(61));
        assertThatThrownBy(credentials::getCredentials)
                .hasMessageContaining("can't be renewed: 127.0.0.1 answered HTTP 500");
        broken = false;
        now = now.plusSeconds(6);
        assertThat(credentials.getCredentials().getAccessKeyId()).isEqualTo("id-2");
    }

    @Test
    void aServiceAccountsTokenIsExchangedForARole() throws IOException {
        var token = Files.writeString(dir.resolve("token"), "jwt+of/account\n");
        var credentials = TemporaryCredentials.ofServiceAccount(
                uri(), "acs:ram::1:role/tiphys", "acs:ram::1:oidc-provider/ack", token, () -> now);
        assertThat(credentials.getCredentials().getSecretAccessKey()).isEqualTo("secret-1");
        assertThat(asked.split("&", -1))
                .contains(
                        "Action=AssumeRoleWithOIDC",
                        "OIDCToken=jwt%2Bof%2Faccount",
                        "RoleArn=acs%3Aram%3A%3A1%3Arole%2Ftiphys",
                        "OIDCProviderArn=acs%3Aram%3A%3A1%3Aoidc-provider%2Fack");
        broken = true;
        now = START.plus(Duration.ofHours(2));
        assertThatThrownBy(credentials::getCredentials)
                .hasMessageContaining("HTTP 400 (AuthenticationFail.OIDCToken.Expired)")
                .hasMessageNotContaining("jwt");
    }

    @Test
    void theRegionIsInTheEndpointsName() {
        assertThat(OssDriver.regionOf("https://oss-cn-hangzhou-internal.aliyuncs.com"))
                .contains("cn-hangzhou");
        assertThat(OssDriver.regionOf("oss-ap-southeast-1.aliyuncs.com")).contains("ap-southeast-1");
        assertThat(OssDriver.regionOf("http://127.0.0.1:9000")).isEmpty();
    }
}
