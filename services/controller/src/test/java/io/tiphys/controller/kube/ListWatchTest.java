package io.tiphys.controller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.cluster.RawRequests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list and watch against a server that answers by a script, so that what is seldom happens. */
class ListWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Answer(int code, String body, boolean isSilentThen) {
        Answer(int code, String body) {
            this(code, body, false);
        }
    }

    private final Deque<Answer> lists = new ArrayDeque<>();
    private final Deque<Answer> watches = new ArrayDeque<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final HttpServer server = unstarted();
    private final KubernetesClient client = client();

    private static HttpServer unstarted() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @BeforeEach
    void start() {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/things", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        Answer answer;
        synchronized (this) {
            asked.add(query.replaceAll("&?timeoutSeconds=\\d+", ""));
            answer = (query.contains("watch=1") ? watches : lists).poll();
        }
        if (answer == null) {
            return; // a watch in which nothing happens
        }
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.code(), answer.isSilentThen() ? 0 : body.length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
        if (!answer.isSilentThen()) {
            exchange.close();
        }
    }

    private ListWatch<String> listWatch() {
        return listWatch(3600);
    }

    private ListWatch<String> listWatch(int seconds) {
        return new ListWatch<>(
                "things",
                List.of(),
                "/things?",
                new RawRequests(client),
                new Names(),
                new ListWatch.Listener<>() {
                    @Override
                    public void listed(List<String> all, String version) {
                        told.add("all " + all);
                    }

                    @Override
                    public void seen(String object) {
                        told.add("seen " + object);
                    }

                    @Override
                    public void gone(String object) {
                        told.add("gone " + object);
                    }
                },
                metrics,
                () -> seconds,
                Duration.ofMillis(200));
    }

    @Test
    void aServerThatIsGoneWithoutAWordIsNoticedAndWhatItDidNotTellIsToldNext() throws Exception {
        lists.add(new Answer(200, "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}"));
        watches.add(new Answer(200, event("ADDED", "a", 6), true));
        watches.add(new Answer(200, event("ADDED", "b", 7)));
        try (ListWatch<String> _ = listWatch(1)) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains("seen a", "seen b"));
        }
        assertThat(told).containsExactly("all []", "seen a", "seen b");
        assertThat(asked).element(2).asString().contains("resourceVersion=6");
        assertThat(metrics.counter("tiphys.watch.failures", "what", "things").count())
                .isGreaterThanOrEqualTo(1);
    }

    /** Reads things; of what is gone the metadata alone. */
    private static final class Names implements ListWatch.Reader<String> {
        @Override
        public Watched<String> read(JsonParser json) throws IOException {
            JsonNode metadata = ApiJson.mapper().readValue(json, JsonNode.class).path("metadata");
            return new Watched<>(
                    metadata.path("resourceVersion").asText(),
                    metadata.path("name").textValue());
        }

        @Override
        public Watched<String> readGone(JsonParser json) throws IOException {
            json.nextToken(); // the field "metadata"
            json.nextToken();
            JsonNode metadata = ApiJson.mapper().readTree(json); // and no further
            return new Watched<>(
                    metadata.path("resourceVersion").asText(),
                    "the late " + metadata.path("name").textValue());
        }
    }

    private static String event(String type, String name, int version) {
        return "{\"type\":\"%s\",\"object\":{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%d\"}}}\n"
                .formatted(type, name, version);
    }

    private static Answer list(String next, String... names) {
        StringBuilder items = new StringBuilder();
        for (String name : names) {
            items.append(items.isEmpty() ? "" : ",").append("{\"metadata\":{\"name\":\"" + name + "\"}}");
        }
        return new Answer(
                200,
                "{\"metadata\":{\"resourceVersion\":\"5\",\"continue\":\"" + next + "\"},\"items\":[" + items + "]}");
    }

    @Test
    void tellsEverythingPageByPageAndGoesOnWhereItWas() {
        lists.add(list("more", "a", "b"));
        lists.add(list("", "c"));
        watches.add(new Answer(
                200,
                event("ADDED", "d", 6)
                        + event("DELETED", "a", 7)
                        + "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}\n"));
        try (ListWatch<String> _ = listWatch()) {
            await().atMost(PATIENCE).until(() -> asked.size() == 4);
        }
        assertThat(told).containsExactly("all [a, b, c]", "seen d", "gone the late a");
        assertThat(asked)
                .containsExactly(
                        "limit=500",
                        "limit=500&continue=more",
                        "watch=1&allowWatchBookmarks=true&resourceVersion=5",
                        "watch=1&allowWatchBookmarks=true&resourceVersion=9");
    }

    @Test
    void tellsEverythingAgainWhenTheServerHasForgottenWhereItWas() {
        lists.add(list("", "a"));
        watches.add(new Answer(200, "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}\n"));
        lists.add(list("", "b"));
        watches.add(new Answer(410, "{\"kind\":\"Status\",\"code\":410}"));
        lists.add(list("", "c"));
        try (ListWatch<String> _ = listWatch()) {
            await().atMost(PATIENCE).until(() -> asked.size() == 6);
        }
        assertThat(told).containsExactly("all [a]", "all [b]", "all [c]");
    }

    @Test
    void triesAgainWhenTheServerIsBroken() {
        lists.add(new Answer(500, "out of order"));
        lists.add(list("", "a"));
        watches.add(new Answer(503, ""));
        try (ListWatch<String> _ = listWatch()) {
            await().atMost(PATIENCE).until(() -> asked.size() == 4);
        }
        assertThat(told).containsExactly("all [a]");
        assertThat(metrics.counter("tiphys.watch.failures", "what", "things").count())
                .isEqualTo(2);
    }

    @Test
    void whatIsGoneNeedsNotBeReadToItsEnd() {
        lists.add(list("", "a"));
        watches.add(new Answer(200, event("DELETED", "a", 6) + event("ADDED", "b", 7)));
        try (ListWatch<String> _ = listWatch()) {
            await().atMost(PATIENCE).until(() -> asked.size() == 3);
        }
        assertThat(told).containsExactly("all [a]", "gone the late a", "seen b");
        assertThat(asked).last().asString().contains("resourceVersion=7");
        assertThat(metrics.counter("tiphys.watch.unreadable", "what", "things").count())
                .isZero();
    }

    @Test
    void leavesOutWhatItCantRead() {
        lists.add(list(""));
        watches.add(new Answer(200, "{\"type\":\"ADDED\",\"object\":{\"metadata\":]}}\n" + event("ADDED", "b", 7)));
        try (ListWatch<String> _ = listWatch()) {
            await().atMost(PATIENCE).until(() -> asked.size() == 3);
        }
        assertThat(told).containsExactly("all []", "seen b");
        assertThat(metrics.counter("tiphys.watch.unreadable", "what", "things").count())
                .isEqualTo(1);
    }
}
