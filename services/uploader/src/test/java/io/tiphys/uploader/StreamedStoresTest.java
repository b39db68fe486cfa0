package io.tiphys.uploader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.Downloads;
import io.tiphys.transfer.Uploads;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A web server as the store: pods get URLs of the uploader, and their bytes pass through it. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class StreamedStoresTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CANARY = "canary-7f3a9";

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    URI uploader;

    @Inject
    KubernetesClient kubernetes;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String uid = UUID.randomUUID().toString();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init") // set before each
    private HttpServer web;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext("/", this::answer);
        web.start();
        kubernetes
                .secrets()
                .inNamespace("default")
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .endMetadata()
                        .addToData("user", encode("jason"))
                        .addToData("password", encode(CANARY))
                        .build())
                .createOr(update -> update.update());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> http.send(
                                        HttpRequest.newBuilder(uploader.resolve("/q/health/ready"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    @AfterEach
    void stop() {
        web.stop(0);
        http.close();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** Knows ranges and lengths but below {@code /plain/}; lets nobody in but jason, and repeats what it was shown. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (path.startsWith("/locked/") || !given.equals("Basic " + encode("jason:" + CANARY))) {
                var text = "refused".getBytes(UTF_8);
                exchange.sendResponseHeaders(403, exchange.getRequestMethod().equals("HEAD") ? -1 : text.length);
                if (!exchange.getRequestMethod().equals("HEAD")) {
                    exchange.getResponseBody().write(text);
                }
                return;
            }
            if (exchange.getRequestMethod().equals("PUT")) {
                files.put(path, exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(201, -1);
                return;
            }
            read(exchange, files.get(path), path.startsWith("/plain/"));
        }
    }

    private static void read(HttpExchange exchange, byte @Nullable [] bytes, boolean plain) throws IOException {
        if (bytes == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        var range = exchange.getRequestHeaders().getFirst("Range");
        if (!plain) {
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            exchange.getResponseHeaders().set("ETag", "\"" + Arrays.hashCode(bytes) + "\"");
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            if (!plain) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            }
            exchange.sendResponseHeaders(200, -1);
        } else if (plain || range == null) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes);
        } else {
            var ends = range.substring("bytes=".length()).split("-", -1);
            var part = Arrays.copyOfRange(bytes, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + ends[0] + "-" + ends[1] + "/" + bytes.length);
            exchange.sendResponseHeaders(206, part.length);
            exchange.getResponseBody().write(part);
        }
    }

    private Map<String, Object> location(String path) {
        return Map.of(
                "http",
                Map.of(
                        "url",
                        "http://127.0.0.1:" + web.getAddress().getPort() + path,
                        "auth",
                        Map.of(
                                "basicAuth",
                                Map.of(
                                        "usernameSecret",
                                        Map.of("name", "web", "key", "user"),
                                        "passwordSecret",
                                        Map.of("name", "web", "key", "password")))));
    }

    private String token(String path) throws Exception {
        var until = Instant.now().plusSeconds(600);
        return Surroundings.key()
                .sign(new Capability(
                        uid,
                        "default",
                        "wf",
                        "wf-1",
                        "pod-1",
                        0,
                        until,
                        Map.of("in", location(path)),
                        Map.of("out", location(path))));
    }

    private HttpResponse<String> post(String path, Object body, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uploader.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    private <T> T accepted(String path, Object body, String token, Class<T> type) throws Exception {
        var answer = post(path, body, token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), type);
    }

    private HttpResponse<String> send(Uploads.Put put, byte[] bytes) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(put.url())).PUT(BodyPublishers.ofByteArray(bytes));
        put.headers().forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private byte[] get(Downloads.ObjectToRead object, long from, long to) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(object.url())).header("Range", "bytes=" + from + "-" + to);
        object.headers().forEach(request::header);
        var answer = http.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.headers().firstValue("Content-Range"))
                .contains("bytes " + from + "-" + to + "/" + object.sizeBytes());
        return answer.body();
    }

    private Downloads.ObjectToRead plan(String path) throws Exception {
        var response =
                accepted("/v1/downloads", new Downloads.Request(List.of("in")), token(path), Downloads.Response.class);
        return response.downloads().getFirst().objects().getFirst();
    }

    private static String md5(byte[] bytes) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private static Uploads.Complete whole(byte[] bytes) {
        return new Uploads.Complete(bytes.length, Long.toUnsignedString(Crc64.of(bytes)));
    }

    @Test
    void anObjectGoesThroughTheUploader() throws Exception {
        var bytes = random(40_000_000); // more than any other request may have
        var token = token("/kept/a%20b");
        var start = new Uploads.Start("out", "", (long) bytes.length, md5(bytes), null, "f");
        var session = accepted("/v1/uploads", start, token, Uploads.Session.class);
        var put = Objects.requireNonNull(session.put());
        assertThat(put.url()).startsWith(uploader.resolve("/v1/streams/out").toString());
        assertThat(send(put, random(40_000_000 - 1)).statusCode())
                .as("other content")
                .isEqualTo(400);
        assertThat(files).isEmpty();
        assertThat(send(put, bytes).statusCode()).isEqualTo(200);
        accepted("/v1/uploads/" + session.id() + "/complete", whole(bytes), token, Uploads.Completed.class);
        assertThat(files.get("/kept/a b")).isEqualTo(bytes);
    }

    @Test
    void partsAreKeptUntilTheObjectIsWhole() throws Exception {
        var bytes = random(3_000_000);
        var token = token("/kept/parts");
        var session = accepted(
                "/v1/uploads", new Uploads.Start("out", "", null, null, null, "f"), token, Uploads.Session.class);
        for (int number : List.of(2, 1)) {
            var part = number == 1 ? Arrays.copyOf(bytes, 2_000_000) : Arrays.copyOfRange(bytes, 2_000_000, 3_000_000);
            var wanted = new Uploads.WantedPart(number, part.length, md5(part));
            var path = "/v1/uploads/" + session.id() + "/parts";
            var urls = accepted(path, new Uploads.Parts(List.of(), List.of(wanted)), token, Uploads.PartUrls.class);
            var answer = send(urls.parts().getFirst().put(), part);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var etag = answer.headers().firstValue("ETag").orElse("").replace("\"", "");
            var done = new Uploads.Part(number, part.length, md5(part), etag, Long.toUnsignedString(Crc64.of(part)));
            accepted(path, new Uploads.Parts(List.of(done), List.of()), token, Uploads.PartUrls.class);
        }
        assertThat(files).isEmpty();
        accepted("/v1/uploads/" + session.id() + "/complete", whole(bytes), token, Uploads.Completed.class);
        assertThat(files.get("/kept/parts")).isEqualTo(bytes);
    }

    @Test
    void rangesAreReadFromTheStore() throws Exception {
        var bytes = random(500_000);
        files.put("/kept/x", bytes);
        var object = plan("/kept/x");
        assertThat(object.sizeBytes()).isEqualTo(bytes.length);
        assertThat(object.crc64()).isNull();
        assertThat(get(object, 400_000, 499_999)).isEqualTo(Arrays.copyOfRange(bytes, 400_000, 500_000));
    }

    @Test
    void whatHasNoSizeIsReadOnceAndVerified() throws Exception {
        var bytes = random(500_000);
        files.put("/plain/x", bytes);
        var object = plan("/plain/x");
        assertThat(object.sizeBytes()).isEqualTo(bytes.length);
        assertThat(object.crc64()).isEqualTo(Long.toUnsignedString(Crc64.of(bytes)));
        files.put("/plain/x", random(10));
        assertThat(get(object, 10, 499_999)).isEqualTo(Arrays.copyOfRange(bytes, 10, 500_000));
    }

    @Test
    void anotherArtifactsOrNobodysStreamIsRefused() throws Exception {
        files.put("/kept/x", random(10));
        for (var path : List.of("/v1/streams/other", "/v1/streams/in?path=../y")) {
            var request = HttpRequest.newBuilder(uploader.resolve(path))
                    .header("Authorization", "Bearer " + token("/kept/x"))
                    .build();
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isBetween(400, 401);
        }
        var anonymous =
                HttpRequest.newBuilder(uploader.resolve("/v1/streams/in")).build();
        assertThat(http.send(anonymous, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    @Test
    void otherRequestsStayShort() throws Exception {
        var answer = http.send(
                HttpRequest.newBuilder(uploader.resolve("/v1/results"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(new byte[33 * 1024 * 1024]))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void aRefusalNamesArtifactStoreAndCauseAndNoSecret() throws Exception {
        var answer = post("/v1/downloads", new Downloads.Request(List.of("in")), token("/locked/x"));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("/locked/x")
                .contains("HTTP 403")
                .doesNotContain(CANARY)
                .doesNotContain(encode("jason:" + CANARY));
        var git = Surroundings.key()
                .sign(new Capability(
                        uid,
                        "default",
                        "wf",
                        "wf-1",
                        "pod-1",
                        0,
                        Instant.now().plusSeconds(600),
                        Map.of(),
                        Map.of("out", Map.of("git", Map.of("repo", "https://example.com/x.git")))));
        answer = post("/v1/uploads", new Uploads.Start("out", "", 1L, "x", null, "f"), git);
        assertThat(answer.body()).contains("can't be written to; it is for input artifacts only");
    }
}
