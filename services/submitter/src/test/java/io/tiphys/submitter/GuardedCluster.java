package io.tiphys.submitter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A Kubernetes API behind a guard who knows tokens and what they are good for, and an archive that has nothing. */
public final class GuardedCluster implements QuarkusTestResourceLifecycleManager {
    public static final String WRITER = token("writer");
    public static final String READER = token("reader");
    public static final String NOBODY = token("nobody");
    private static final String OWN = "own-token";
    private static final Map<String, String> CLIENT =
            Map.of("kubernetes.master", "", "kubernetes.auth.token", OWN, "kubernetes.auth.tryKubeConfig", "false");
    private static final Set<String> READING = Set.of("get", "list", "watch");

    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable ApiServer kubernetes;
    private @Nullable HttpServer guard;

    private static String token(String subject) {
        byte[] payload = ("{\"sub\":\"" + subject + "\"}").getBytes(StandardCharsets.UTF_8);
        return "header." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload) + ".signature";
    }

    @Override
    public Map<String, String> start() {
        try {
            kubernetes = ApiServer.start(ApiServerConfig.inMemory());
            guard = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            guard.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            guard.createContext("/", this::guarded);
            guard.createContext("/v1/", exchange -> answer(exchange, 200, "{\"items\":[]}"));
            guard.start();
            String url = "http://127.0.0.1:" + guard.getAddress().getPort();
            // the settings of Quarkus' client are fixed when a test begins; those of the client below it aren't
            CLIENT.forEach((property, value) -> System.setProperty(property, value.isEmpty() ? url : value));
            return Map.of("tiphys.archive.url", url);
        } catch (IOException e) {
            throw new IllegalStateException("the guarded cluster did not come up", e);
        }
    }

    private void guarded(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String token = header == null ? "" : header.replaceFirst("^Bearer ", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestURI().getPath().endsWith("/selfsubjectaccessreviews")) {
            JsonNode wanted = new ObjectMapper().readTree(body).path("spec").path("resourceAttributes");
            boolean allowed = mayDo(token, wanted.path("verb").asText());
            answer(exchange, 201, """
                    {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","metadata":{},
                     "spec":{},"status":{"allowed":%s}}""".formatted(allowed));
        } else if (!Set.of(OWN, WRITER, READER, NOBODY).contains(token)) {
            answer(exchange, 401, status(401, "Unauthorized"));
        } else if (!mayDo(token, exchange.getRequestMethod().equals("GET") ? "get" : "create")) {
            answer(exchange, 403, status(403, "Forbidden"));
        } else {
            forward(exchange, body);
        }
    }

    private static boolean mayDo(String token, String verb) {
        return token.equals(OWN) || token.equals(WRITER) || (token.equals(READER) && READING.contains(verb));
    }

    private static String status(int code, String reason) {
        return """
                {"apiVersion":"v1","kind":"Status","status":"Failure","reason":"%s","message":"%s","code":%d}""".formatted(reason, reason, code);
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        ApiServer behind = kubernetes;
        if (behind == null) {
            answer(exchange, 503, "");
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(behind.url())
                        .resolve(exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null) {
            request.header("Content-Type", type);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void stop() {
        CLIENT.keySet().forEach(System::clearProperty);
        if (guard != null) {
            guard.stop(0);
        }
        if (kubernetes != null) {
            kubernetes.close();
        }
        http.close();
    }
}
