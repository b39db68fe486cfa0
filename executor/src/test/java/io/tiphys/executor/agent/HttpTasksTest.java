package io.tiphys.executor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tiphys.transfer.AgentWork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP templates against a real server. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpTasksTest {
    private static final int BODY_LIMIT = 10_000;

    @SuppressWarnings("NullAway.Init") // made before each test
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private RunningAgent agent;

    @SuppressWarnings("NullAway.Init")
    private String url;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        url = "http://localhost:" + server.getAddress().getPort();
        agent = new RunningAgent(List.of(), Path.of("/nowhere"), 8, BODY_LIMIT);
    }

    @AfterEach
    void stop() {
        agent.close();
        server.stop(0);
    }

    private void answer(String path, int status, String body) {
        server.createContext(path, exchange -> send(exchange, status, body));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Says what it was asked. */
    private void echo(String path) {
        server.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var headers = exchange.getRequestHeaders();
            send(
                    exchange,
                    200,
                    exchange.getRequestMethod() + "|" + body + "|" + headers.getFirst("X-Key") + "|"
                            + headers.getFirst("Host") + "|" + headers.getFirst("Authorization"));
        });
    }

    private AgentWork.Result run(Map<String, Object> http) {
        agent.uploader.add("n", Map.of("name", "t", "http", http));
        return agent.uploader.result("n");
    }

    private static String result(AgentWork.Result result) {
        return result.outputs() == null ? "" : String.valueOf(result.outputs().get("result"));
    }

    @Test
    void theBodyIsTheResult() {
        answer("/ok", 200, "hello\n");

        AgentWork.Result result = run(Map.of("url", url + "/ok"));

        assertThat(result.phase()).isEqualTo("Succeeded");
        assertThat(result(result)).isEqualTo("hello\n");
    }

    @Test
    void anythingButTwoHundredsFails() {
        answer("/bad", 404, "nothing here");

        AgentWork.Result result = run(Map.of("url", url + "/bad"));

        assertThat(result.phase()).isEqualTo("Failed");
        assertThat(result.message()).isEqualTo("received non-2xx response code: 404");
        assertThat(result(result)).isEqualTo("nothing here");
    }

    @Test
    void aHeaderMayComeMoreThanOnceAndTheConditionSeesItAsItIsWritten() {
        server.createContext(
                "/twice",
                exchange -> send(
                        exchange,
                        200,
                        String.join(",", exchange.getRequestHeaders().get("X-key"))));

        AgentWork.Result result = run(Map.of(
                "url",
                url + "/twice",
                "headers",
                List.of(Map.of("name", "x-key", "value", "a"), Map.of("name", "x-key", "value", "b")),
                "successCondition",
                "request.headers['x-key'] == ['b'] && response.body == 'a,b'"));

        assertThat(result.message()).isNull();
        assertThat(result(result)).isEqualTo("a,b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            response.statusCode == 404; Succeeded; ''
            response.statusCode >= 200 && response.statusCode < 300; Failed; successCondition 'response.statusCode >= 200 && response.statusCode < 300' evaluated false
            response.body contains "nothing"; Succeeded; ''
            response.headers["X-Answer"][0] == "42"; Succeeded; ''
            request.url endsWith "/bad" && request.headers["x-key"][0] == "k"; Succeeded; ''
            """)
    void theConditionDecides(String condition, String phase, String message) {
        server.createContext("/bad", exchange -> {
            exchange.getResponseHeaders().set("x-answer", "42");
            send(exchange, 404, "nothing here");
        });

        AgentWork.Result result = run(Map.of(
                "url",
                url + "/bad",
                "headers",
                List.of(Map.of("name", "x-key", "value", "k")),
                "successCondition",
                condition));

        assertThat(result.phase()).as(String.valueOf(result.message())).isEqualTo(phase);
        assertThat(result.message() == null ? "" : result.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            response.statusCode ==; unexpected
            response.statusCode; bool
            nobody.knows == 1; nobody
            """)
    void aConditionThatMakesNoSenseFailsTheNodeAndSaysWhy(String condition, String hint) {
        answer("/ok", 200, "x");

        AgentWork.Result result = run(Map.of("url", url + "/ok", "successCondition", condition));

        assertThat(result.phase()).isEqualTo("Failed");
        assertThat(result.message()).containsIgnoringCase(hint);
    }

    @Test
    void methodBodyAndHeadersAreSent() {
        echo("/echo");
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("method", "PUT");
        http.put("url", url + "/echo?q={\"a\": 1}");
        http.put("body", "content");
        http.put(
                "headers",
                List.of(
                        Map.of("name", "Host", "value", "example.com"),
                        Map.of(
                                "name",
                                "X-Key",
                                "valueFrom",
                                Map.of("secretKeyRef", Map.of("name", "sec", "key", "k")))));
        agent.uploader.add(new AgentWork.Task("n", Map.of("http", http), Map.of("sec/k", "s3cret"), null));

        assertThat(result(agent.uploader.result("n"))).isEqualTo("PUT|content|s3cret|example.com|null");
    }

    @Test
    void bytesAreSentAsTheyAre() {
        echo("/echo");

        AgentWork.Result result =
                run(Map.of("method", "POST", "url", url + "/echo", "bodyFrom", Map.of("bytes", "aGk=")));

        assertThat(result(result)).startsWith("POST|hi|");
    }

    @Test
    void redirectsAreFollowedAndBecomeReads() {
        echo("/end");
        server.createContext("/start", exchange -> {
            exchange.getResponseHeaders().set("Location", "/end");
            send(exchange, 302, "");
        });

        AgentWork.Result result = run(Map.of("method", "POST", "body", "b", "url", url + "/start"));

        assertThat(result(result)).startsWith("GET||");
    }

    @Test
    void credentialsStayWithTheirHost() {
        echo("/end");
        server.createContext("/start", exchange -> {
            String other = "http://127.0.0.1:" + server.getAddress().getPort();
            exchange.getResponseHeaders().set("Location", other + "/end");
            send(exchange, 307, "");
        });

        AgentWork.Result result = run(Map.of(
                "method",
                "POST",
                "body",
                "b",
                "url",
                url + "/start",
                "headers",
                List.of(Map.of("name", "Authorization", "value", "Bearer t"), Map.of("name", "X-Key", "value", "k"))));

        assertThat(result(result)).startsWith("POST|b|k|127.0.0.1:").endsWith("|null");
    }

    @Test
    void redirectsInCirclesEnd() {
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/loop", exchange -> {
            requests.incrementAndGet();
            exchange.getResponseHeaders().set("Location", "/loop");
            send(exchange, 301, "");
        });

        AgentWork.Result result = run(Map.of("url", url + "/loop"));

        assertThat(result.message()).isEqualTo("Get \"" + url + "/loop\": stopped after 10 redirects");
        assertThat(requests).hasValue(11);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        answer("/huge", 200, "x".repeat(BODY_LIMIT + 1));

        AgentWork.Result result = run(Map.of("url", url + "/huge"));

        assertThat(result.phase()).isEqualTo("Failed");
        assertThat(result.message()).contains("larger than " + BODY_LIMIT + " bytes");
    }

    @Test
    void aBodyWithoutEndIsRefusedAsWell() {
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1000];
            while (true) {
                exchange.getResponseBody().write(chunk); // until the other side hangs up
            }
        });

        assertThat(run(Map.of("url", url + "/endless")).message()).contains("larger than");
    }

    @Test
    void aServerThatIsSilentRunsIntoTheTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().flush();
            awaitQuietly(never);
        });

        AgentWork.Result result = run(Map.of("url", url + "/silent", "timeoutSeconds", 1));
        never.countDown();

        assertThat(result.message())
                .startsWith("Get \"" + url + "/silent\": context deadline exceeded (timeoutSeconds 1)");
    }

    @Test
    void whoCannotBeReachedIsNamed() {
        server.stop(0);

        assertThat(run(Map.of("url", url + "/")).message()).isEqualTo("Get \"" + url + "/\": connection refused");
    }

    @ParameterizedTest
    @CsvSource({"ftp://localhost/", "localhost", "''", "'http://'"})
    void urlsThatAreNoneFail(String bad) {
        assertThat(run(Map.of("url", bad)).phase()).isEqualTo("Failed");
    }

    @Test
    void aMissingSecretFailsTheTaskWithItsName() {
        agent.uploader.add(new AgentWork.Task(
                "n", Map.of("http", Map.of("url", url)), Map.of(), "the Secret \"sec\" is not there"));

        assertThat(agent.uploader.result("n").message()).isEqualTo("the Secret \"sec\" is not there");
    }

    @Test
    void manyRunAtTheSameTimeButNotMoreThanAllowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch together = new CountDownLatch(8);
        server.createContext("/busy", exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            together.countDown();
            awaitQuietly(together);
            now.decrementAndGet();
            send(exchange, 200, "");
        });
        for (int i = 0; i < 100; i++) {
            agent.uploader.add("n" + i, Map.of("http", Map.of("url", url + "/busy")));
        }

        await().until(() -> agent.uploader.results().size() == 100);
        assertThat(most).hasValue(8);
    }

    @Test
    void aTaskThatStaysListedIsDoneOnceAndOneThatComesBackAgain() {
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/count", exchange -> send(exchange, 200, "" + requests.incrementAndGet()));
        Map<String, Object> template = Map.of("http", Map.of("url", url + "/count"));
        agent.uploader.add("n", template);
        agent.uploader.result("n");
        agent.uploader.list(false);
        agent.uploader.add("other", template);
        agent.uploader.result("other");
        assertThat(requests).hasValue(2);

        agent.uploader.drop("n");
        agent.uploader.add("n", template);

        await().until(() -> agent.uploader.results().size() == 3);
        assertThat(requests).hasValue(3);
    }

    @Test
    void aDroppedTaskIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/silent", exchange -> {
            asked.countDown();
            awaitQuietly(never);
        });
        agent.uploader.add("n", Map.of("http", Map.of("url", url + "/silent")));
        awaitQuietly(asked);
        agent.uploader.drop("n");
        answer("/ok", 200, "x");
        agent.uploader.add("next", Map.of("http", Map.of("url", url + "/ok")));
        agent.uploader.result("next");
        never.countDown();

        assertThat(agent.uploader.results()).hasSize(1);
    }

    @Test
    void theEndOfTheWorkflowIsTheAgents() {
        agent.uploader.list(true);

        await().until(agent::hasEnded);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
