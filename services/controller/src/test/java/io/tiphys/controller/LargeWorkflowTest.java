package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.tiphys.api.ApiJson;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.Manifests;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.controller.parts.TestSystem;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Workflows whose spec is kept in the archive. */
class LargeWorkflowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Map<String, byte[]> BLOBS = new ConcurrentHashMap<>();
    private static TestSystem system;
    private static HttpServer archive;

    @BeforeAll
    static void start() throws Exception {
        system = new TestSystem();
        archive = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        archive.createContext("/v1/namespaces/default/blobs/", exchange -> {
            byte[] blob = BLOBS.get(exchange.getRequestURI().getPath().replaceFirst(".*/", ""));
            exchange.sendResponseHeaders(blob == null ? 404 : 200, blob == null ? -1 : blob.length);
            if (blob != null) {
                exchange.getResponseBody().write(blob);
            }
            exchange.close();
        });
        archive.start();
        system.startController(Map.of(
                "tiphys.archive.enabled",
                "false",
                "tiphys.archive.url",
                "http://127.0.0.1:" + archive.getAddress().getPort()));
    }

    @AfterAll
    static void stop() throws IOException {
        system.close();
        archive.stop(0);
    }

    private static ObjectNode spec(int tasks) {
        ObjectNode spec = ApiJson.mapper().createObjectNode().put("entrypoint", "main");
        ArrayNode templates = spec.putArray("templates");
        ArrayNode all =
                templates.addObject().put("name", "main").putObject("dag").putArray("tasks");
        for (int i = 0; i < tasks; i++) {
            all.addObject().put("name", "t" + i).put("template", "work").put("when", i < 2 ? "true" : "false");
        }
        // what makes it large: 1 MiB that doesn't run
        templates
                .addObject()
                .put("name", "work")
                .putObject("container")
                .put("image", "alpine")
                .putArray("command")
                .add("true");
        ArrayNode parameters = spec.putObject("arguments").putArray("parameters");
        for (int i = 0; i < 40; i++) {
            parameters.addObject().put("name", "p" + i).put("value", "v".repeat(32 * 1024));
        }
        return spec;
    }

    private static long ran(String workflow) {
        return system.kubelet().ran().stream()
                .filter(pod -> pod.startsWith(workflow + "-"))
                .count();
    }

    private static Workflow create(String name, LargeSpec spec) {
        ObjectNode workflow = ApiJson.mapper().createObjectNode();
        workflow.put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Workflow");
        ObjectNode metadata = workflow.putObject("metadata").put("name", name);
        metadata.putObject("annotations")
                .put(LargeSpec.ANNOTATION, spec.packed().reference());
        metadata.putObject("labels").put(LargeSpec.LABEL, "true");
        workflow.set("spec", spec.outline());
        return system.create(workflow.toString());
    }

    @Test
    void runsByTheSpecThatItsHashNames() {
        LargeSpec large = LargeSpec.of(spec(5));
        BLOBS.put(large.packed().hash(), large.packed().bytes());
        create("large", large);

        Workflow finished = system.finished("large");

        assertThat(finished.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(ran("large")).isEqualTo(2);
        assertThat(finished.getSpec().templates()).hasSize(1);
        assertThat(system.journaled().stream()
                        .filter(change -> change.nodeId().equals("#definition"))
                        .map(change -> String.valueOf(change.state()).length()))
                .as("the frozen spec is packed in the journal")
                .allMatch(length -> length < 100_000);
    }

    @Test
    void failsWhenTheSpecIsMissingOrAnother() {
        LargeSpec missing = LargeSpec.of(spec(3));
        LargeSpec replaced = LargeSpec.of(spec(4));
        BLOBS.put(replaced.packed().hash(), PackedJson.of(spec(1)).bytes());
        create("missing", missing);
        create("replaced", replaced);

        assertThat(system.finished("missing").getStatus().message())
                .contains("sha256:" + missing.packed().hash())
                .contains("not in the archive");
        assertThat(system.finished("replaced").getStatus().message())
                .contains("has the hash " + PackedJson.of(spec(1)).hash());
        assertThat(ran("missing") + ran("replaced")).isZero();
    }

    private static String parameters(int count) {
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            parameters.append("    - {name: p%d, value: %s}\n".formatted(i, "v".repeat(30_000)));
        }
        return parameters.toString();
    }

    @Test
    void aStatusThatHasNoPlaceEndsItsWorkflowAndNoOther() {
        system.client()
                .resources(WorkflowTemplate.class)
                .inNamespace(TestSystem.NAMESPACE)
                .resource(Manifests.read("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: WorkflowTemplate
                        metadata: {name: large}
                        spec:
                          entrypoint: main
                          arguments:
                            parameters:
                        %s  templates:
                          - name: main
                            container: {image: alpine, command: ["true"]}
                        """.formatted(parameters(40)), WorkflowTemplate.class))
                .create();
        system.kubelet().hold();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: no-place}
                spec:
                  workflowTemplateRef: {name: large}
                  arguments:
                    parameters:
                %s""".formatted(parameters(20)));

        Workflow ended = system.finished("no-place");

        assertThat(ended.getStatus().phase()).isEqualTo(WorkflowPhase.ERROR);
        assertThat(ended.getStatus().message()).contains("--max-request-bytes").contains("1.5 MiB");
        assertThat(ended.getStatus().storedWorkflowTemplateSpec()).isNull();
        neighbourRuns();
    }

    @Test
    void aRunThatCannotBeJournaledIsStoppedAndNoOther() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: too-much}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: ask, template: ask, withSequence: {count: "2"}}
                    - - name: take
                        template: take
                        arguments: {parameters: [{name: all, value: "{{steps.ask.outputs.parameters.answer}}"}]}
                  - name: ask
                    outputs: {parameters: [{name: answer, valueFrom: {supplied: {}}}]}
                    suspend: {}
                  - name: take
                    inputs: {parameters: [{name: all}]}
                    suspend: {}
                """);
        await().atMost(PATIENCE)
                .until(() -> system.get("too-much").getStatus().nodes().size() == 4);
        var meta = system.get("too-much").getMetadata();
        WorkflowRef ref = new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
        for (String node : List.of("ask(0:0)", "ask(1:1)")) {
            system.send(new WorkflowCommand.SetNode(
                    node,
                    ref,
                    Instant.now(),
                    "displayName=" + node,
                    "Succeeded",
                    null,
                    Map.of("answer", "x".repeat(9 * 1024 * 1024))));
        }

        Workflow ended = system.finished("too-much");

        assertThat(ended.getStatus().phase()).isEqualTo(WorkflowPhase.ERROR);
        assertThat(ended.getStatus().message()).contains("max.message.bytes").contains("tiphys.node-changes");
        assertThat(ended.getMetadata().getAnnotations()).containsKey("tiphys.io/stopped");
        neighbourRuns();
    }

    private static void neighbourRuns() {
        String name = "neighbour-" + System.nanoTime();
        system.kubelet().release();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  templates: [{name: main, container: {image: alpine, command: ["true"]}}]
                """.formatted(name));
        assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
    }
}
