package io.tiphys.executor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.AgentWork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugin templates against plugins that speak Argo's protocol. */
class PluginTasksTest {
    /** What a plugin says: a status and a body. */
    private record Answer(int status, String body) {}

    private record Call(String path, String authorization, JsonNode arguments) {}

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<AgentSettings.Plugin> plugins = new ArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private RunningAgent agent;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path tokens;

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
        servers.forEach(server -> server.stop(0));
    }

    private PluginTasksTest plugin(String name, Function<Integer, Answer> answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        int[] count = new int[1];
        server.createContext("/", exchange -> {
            calls.add(new Call(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    UploaderClient.JSON.readTree(exchange.getRequestBody().readAllBytes())));
            Answer answer = answers.apply(count[0]++);
            byte[] bytes = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        servers.add(server);
        plugins.add(new AgentSettings.Plugin(
                name, "http://localhost:" + server.getAddress().getPort()));
        return this;
    }

    private AgentWork.Result run() throws IOException {
        PluginTokens.make(Map.of(
                "TIPHYS_AGENT_DIR",
                tokens.toString(),
                "TIPHYS_AGENT_PLUGINS",
                UploaderClient.JSON.writeValueAsString(plugins)));
        agent = new RunningAgent(plugins, tokens, 8, 100_000);
        agent.uploader.add("n", Map.of("name", "t", "plugin", Map.of("hello", Map.of())));
        return agent.uploader.result("n");
    }

    @Test
    void theReplyIsTheNodesResult() throws IOException {
        plugin(
                "hello",
                _ -> new Answer(
                        200,
                        "{\"node\":{\"phase\":\"Succeeded\",\"message\":\"hi\",\"outputs\":{\"parameters\":[{\"name\":\"a\",\"value\":\"1\"}]}}}"));

        AgentWork.Result result = run();

        assertThat(result.phase()).isEqualTo("Succeeded");
        assertThat(result.message()).isEqualTo("hi");
        assertThat(result.outputs()).containsKey("parameters");
        Call call = calls.getFirst();
        assertThat(call.path()).isEqualTo("/api/v1/template.execute");
        assertThat(call.authorization()).isEqualTo("Bearer " + Files.readString(tokens.resolve("hello/token")));
        assertThat(call.arguments().at("/workflow/metadata/name").asText()).isEqualTo("wf");
        assertThat(call.arguments().at("/workflow/metadata/uid").asText()).isEqualTo("uid-1");
        assertThat(call.arguments().at("/template/plugin").has("hello")).isTrue();
    }

    @Test
    void aPluginIsAskedAgainWhenItWantsToBe() throws IOException {
        plugin(
                "slow",
                n -> new Answer(
                        200,
                        n < 2
                                ? "{\"node\":{\"phase\":\"Running\",\"message\":\"" + n + "\",\"progress\":\"" + n
                                        + "/2\"},\"requeue\":\"10ms\"}"
                                : "{\"node\":{\"phase\":\"Succeeded\"}}"));

        run();

        await().until(() -> agent.uploader.results().size() == 3);
        assertThat(agent.uploader.results())
                .extracting(AgentWork.Result::phase)
                .containsExactly("Running", "Running", "Succeeded");
        assertThat(agent.uploader.results().get(1).progress()).isEqualTo("1/2");
    }

    @Test
    void theNextPluginIsAskedWhenTheFirstDoesNotKnowTheTemplate() throws IOException {
        plugin("no", _ -> new Answer(200, "{}"));
        plugin("never", _ -> new Answer(404, ""));
        plugin("yes", _ -> new Answer(200, "{\"node\":{\"phase\":\"Failed\",\"message\":\"as told\"}}"));

        AgentWork.Result result = run();

        assertThat(result.phase()).isEqualTo("Failed");
        assertThat(result.message()).isEqualTo("as told");
        assertThat(calls).hasSize(3);

        agent.uploader.add("second", Map.of("plugin", Map.of("hello", Map.of())));
        agent.uploader.result("second");
        assertThat(calls).as("who answers 404 isn't asked again").hasSize(5);
    }

    @Test
    void nobodyKnowsTheTemplate() throws IOException {
        plugin("no", _ -> new Answer(200, "{}"));

        AgentWork.Result result = run();

        assertThat(result.phase()).isEqualTo("Failed");
        assertThat(result.message()).isEqualTo("no plugin executed the template");
    }

    @Test
    void aPluginThatIsBusyIsAskedAgain() throws IOException {
        plugin("busy", n -> n < 3 ? new Answer(503, "wait") : new Answer(200, "{\"node\":{\"phase\":\"Succeeded\"}}"));

        assertThat(run().phase()).isEqualTo("Succeeded");
        assertThat(calls).hasSize(4);
    }

    @Test
    void aPluginThatStaysBusyFailsTheNode() throws IOException {
        plugin("busy", _ -> new Answer(503, "wait"));

        assertThat(run().message()).isEqualTo("wait");
        assertThat(calls).hasSize(5);
    }

    @Test
    void aBrokenPluginFailsTheNode() throws IOException {
        plugin("broken", _ -> new Answer(500, "oh no"));

        AgentWork.Result result = run();

        assertThat(result.phase()).isEqualTo("Failed");
        assertThat(result.message()).contains("500").contains("oh no");
    }

    @Test
    void nonsenseFailsTheNode() throws IOException {
        plugin("odd", _ -> new Answer(200, "<html>"));

        assertThat(run().message()).contains("plugin \"odd\"").contains("no reply");
    }

    @Test
    void aPluginThatIsNotThereFailsTheNode() throws IOException {
        plugin("gone", _ -> new Answer(200, "{}"));
        servers.getFirst().stop(0);

        assertThat(run().message()).contains("plugin \"gone\"").contains("connection refused");
    }

    @Test
    void tokensAreMadeOnce() throws IOException {
        plugin("a", _ -> new Answer(200, "{\"node\":{\"phase\":\"Succeeded\"}}"));
        run();
        String token = Files.readString(tokens.resolve("a/token"));
        run();

        assertThat(Files.readString(tokens.resolve("a/token"))).isEqualTo(token).hasSize(32);
    }
}
