package io.tiphys.conformance.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tiphys.api.ApiJson;
import io.tiphys.conformance.suite.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a system that takes up a changed configuration when it is asked about it for the second time, and is away until then. */
class SystemConfigurationTest {
    private static final String MAP = "/api/v1/namespaces/argo/configmaps/" + Configuration.NAME;

    private final HttpServer server;
    private final SystemConfiguration configuration;
    private @Nullable ObjectNode map;
    private JsonNode runsBy = ApiJson.mapper().createObjectNode();
    private int asked;

    SystemConfigurationTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", this::serve);
        server.start();
        configuration = new SystemConfiguration(
                new Cluster(new Api("http://127.0.0.1:" + server.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/api/v1")) {
                answer(
                        exchange,
                        200,
                        "{\"resources\":[{\"name\":\"configmaps\",\"kind\":\"ConfigMap\",\"namespaced\":true}]}");
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "POST", "PUT" -> {
                    boolean isThere = path.equals(MAP) ? map == null : map != null;
                    if (isThere) {
                        answer(exchange, path.equals(MAP) ? 404 : 409, "{}");
                        return;
                    }
                    map = (ObjectNode) ApiJson.mapper().readTree(body);
                    asked = 0;
                }
                case "DELETE" -> map = null;
                default -> ask();
            }
            answer(exchange, map == null ? 404 : 200, map == null ? "{}" : map.toString());
        }
    }

    private void ask() {
        if (map != null && ++asked == 2) {
            runsBy = map.path("data").deepCopy();
            map.withObject("/metadata/annotations").put("tiphys.io/applied", "true");
        }
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        exchange.sendResponseHeaders(code, text.getBytes(UTF_8).length);
        exchange.getResponseBody().write(text.getBytes(UTF_8));
    }

    @Test
    void theSystemRunsByWhatWasThereWhenItIsLeft() throws Exception {
        map = (ObjectNode) ApiJson.mapper().readTree("""
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"workflow-controller-configmap"},
                "data":{"parallelism":"7"}}""");

        assertThat(configuration.tell(new Configuration(Map.of("instanceID", "x"))))
                .isEmpty();
        assertThat(runsBy.toString()).isEqualTo("{\"instanceID\":\"x\"}");

        configuration.restore();
        assertThat(runsBy.toString()).isEqualTo("{\"parallelism\":\"7\"}");
    }

    @Test
    void theSystemRunsByNothingWhenNothingWasThere() throws Exception {
        assertThat(configuration.tell(new Configuration(Map.of("instanceID", "x"))))
                .isEmpty();

        configuration.restore();
        assertThat(runsBy).isEmpty();
        assertThat(map).isNull();
    }

    @Test
    void whatWasNeverChangedIsLeftAlone() throws Exception {
        configuration.restore();

        assertThat(asked).isZero();
        assertThat(map).isNull();
    }
}
