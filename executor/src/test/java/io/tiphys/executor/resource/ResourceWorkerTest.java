package io.tiphys.executor.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.transfer.ResourceTask;
import io.tiphys.transfer.ResourceTask.ObjectParameter;
import io.tiphys.transfer.TaskReport.ParameterValue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an API server that answers as Kubernetes does. */
class ResourceWorkerTest {
    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: made, labels: {cleanup: "true"}}
            data: {key: value}
            """;

    @SuppressWarnings("NullAway.Init")
    private ApiServer server;

    @SuppressWarnings("NullAway.Init")
    private KubeApi api;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start(ApiServerConfig.inMemory());
        api = KubeApi.from(Map.of("KUBERNETES_MASTER", server.url().toString()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private List<ParameterValue> run(ResourceTask task) throws IOException {
        return new ResourceWorker(api, task, "default", Duration.ofMillis(20)).run();
    }

    private static ResourceTask task(String action, @Nullable String manifest, String... flags) {
        return new ResourceTask(action, null, manifest, null, null, null, List.of(flags), List.of());
    }

    private JsonNode made() throws IOException {
        return api.get("/api/v1/namespaces/default/configmaps/made");
    }

    @Test
    void createsAndReadsOutputs() throws Exception {
        var outputs = run(new ResourceTask(
                "create",
                null,
                CONFIG_MAP,
                null,
                null,
                null,
                List.of(),
                List.of(
                        new ObjectParameter("name", "{.metadata.name}", null, null),
                        new ObjectParameter("data", null, ".data | keys[0]", null))));

        assertThat(outputs).containsExactly(new ParameterValue("name", "made"), new ParameterValue("data", "key"));
    }

    @Test
    void takesTheGeneratedName() throws Exception {
        var outputs = run(new ResourceTask(
                "create",
                null,
                CONFIG_MAP.replace("name: made", "generateName: made-"),
                null,
                null,
                null,
                List.of("-n", "argo"),
                List.of(new ObjectParameter("at", "{.metadata.namespace}/{.metadata.name}", null, null))));

        assertThat(outputs.getFirst().value()).startsWith("argo/made-");
    }

    @Test
    void refusesAsKubectlDoes() throws Exception {
        run(task("create", CONFIG_MAP));

        assertThatThrownBy(() -> run(task("create", CONFIG_MAP)))
                .hasMessageContaining(
                        "no more retries Error from server (AlreadyExists): error when creating \"/tmp/manifest.yaml\": configmaps \"made\" already exists");
        assertThatThrownBy(() -> run(task("create", "apiVersion: v1\nmetadata: {name: x}")))
                .hasMessageContaining(
                        "no more retries error: unable to decode \"/tmp/manifest.yaml\": Object 'Kind' is missing in");
        assertThatThrownBy(() -> run(task("create", "apiVersion: nowhere.io/v1\nkind: Thing\nmetadata: {name: x}")))
                .hasMessageContaining("no matches for kind \"Thing\" in version \"nowhere.io/v1\"");
        assertThatThrownBy(() -> run(task("get", null, "configmap", "absent")))
                .hasMessage("no more retries Error from server (NotFound): configmaps \"absent\" not found");
        assertThatThrownBy(() -> run(task("get", null))).hasMessage("Must provide at least one of flags or manifest.");
        assertThatThrownBy(() -> run(task("get", null, "--colour"))).hasMessageContaining("unknown flag: --colour");
        assertThatThrownBy(() -> run(task("get", null, "unicorn", "x")))
                .hasMessageContaining("the server doesn't have a resource type \"unicorn\"");
    }

    @Test
    void appliesAgainAndAgain() throws Exception {
        run(task("apply", CONFIG_MAP));
        run(task("apply", CONFIG_MAP.replace("key: value", "key: other")));

        assertThat(made().at("/data/key").asText()).isEqualTo("other");
    }

    @Test
    void replaces() throws Exception {
        run(task("create", CONFIG_MAP));
        run(task("replace", CONFIG_MAP.replace("key: value", "new: value")));

        assertThat(made().path("data").has("key")).isFalse();
        assertThat(made().at("/data/new").asText()).isEqualTo("value");
    }

    @Test
    void patchesInThreeWays() throws Exception {
        run(task("create", CONFIG_MAP));
        run(task("patch", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {a: b}"));
        run(new ResourceTask(
                "patch", "merge", "data: {key: null}", null, null, null, List.of("configmap", "made"), List.of()));
        run(new ResourceTask(
                "patch",
                "json",
                "- {op: add, path: /data/c, value: d}",
                null,
                null,
                null,
                List.of("cm/made"),
                List.of()));

        assertThat(made().path("data").toString()).isEqualTo("{\"a\":\"b\",\"c\":\"d\"}");
    }

    @Test
    void deletesBySelectorAndDoesNotMindWhatIsGone() throws Exception {
        run(task("create", CONFIG_MAP));
        run(task("delete", null, "configmap", "--selector", "cleanup=true"));

        assertThatThrownBy(this::made).hasMessageContaining("not found");
        assertThat(run(task("delete", CONFIG_MAP))).isEmpty();
        assertThatThrownBy(() -> run(task("delete", null, "configmap"))).hasMessageContaining("no name was specified");
    }

    @Test
    void getMayFindNothing() throws Exception {
        assertThat(run(new ResourceTask(
                        "get",
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of("cm", "absent", "--ignore-not-found"),
                        List.of(new ObjectParameter("p", "{.x}", null, "fallback")))))
                .containsExactly(new ParameterValue("p", "fallback"));
    }

    @Test
    void waitsUntilTheConditionIsMet() throws Exception {
        var work = new FutureTask<>(() -> run(new ResourceTask(
                "create", null, CONFIG_MAP, null, "data.key == done", "data.key == broken", List.of(), List.of())));
        Thread.ofVirtual().start(work);
        org.awaitility.Awaitility.await().ignoreExceptions().until(() -> !made().isEmpty());
        assertThat(work.isDone()).isFalse();
        run(new ResourceTask(
                "patch", "merge", "data: {key: done}", null, null, null, List.of("cm", "made"), List.of()));

        assertThat(work.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void failsByItsCondition() {
        assertThatThrownBy(() -> run(new ResourceTask(
                        "create", null, CONFIG_MAP, null, null, "data.key == value", List.of(), List.of())))
                .hasMessage("failure condition 'data.key==value' evaluated true");
    }

    @Test
    void failsWhenTheObjectGoesAwayWhileItWaits() throws Exception {
        var work = new FutureTask<>(() -> run(
                new ResourceTask("create", null, CONFIG_MAP, null, "data.key == done", null, List.of(), List.of())));
        Thread.ofVirtual().start(work);
        org.awaitility.Awaitility.await().ignoreExceptions().until(() -> !made().isEmpty());
        run(task("delete", CONFIG_MAP));

        assertThatThrownBy(() -> work.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("The resource has been deleted while its status was still being checked");
    }

    @Test
    void deleteHasNoConditions() {
        assertThatThrownBy(() ->
                        run(new ResourceTask("delete", null, CONFIG_MAP, null, "data.key", null, List.of(), List.of())))
                .hasMessage("successCondition, failureCondition and outputs are not supported for delete action");
    }
}
