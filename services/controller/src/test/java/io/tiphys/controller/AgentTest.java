package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowTaskSet;
import io.tiphys.controller.parts.TestSystem;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.AgentPlanner;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTP nodes and the pod that does them. */
class AgentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static TestSystem system;

    @BeforeAll
    static void start() throws Exception {
        system = new TestSystem();
        system.kubelet().hold(); // an agent runs until it is told to go
        system.startController(Map.of(
                "tiphys.archive.enabled",
                "false",
                "tiphys.capability.key-file",
                system.capabilityKey().toString()));
    }

    @AfterAll
    static void stop() throws Exception {
        system.close();
    }

    private static WorkflowRef create(String name, String more) {
        Workflow workflow = system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    http: {url: "http://example.test/"}
                %s
                """.formatted(name, more.indent(4)));
        return new WorkflowRef(
                TestSystem.NAMESPACE, name, workflow.getMetadata().getUid());
    }

    /** The agent's pod, if it is there under another uid than this. */
    private static Optional<Pod> agent(WorkflowRef workflow, @Nullable String notUid) {
        Pod pod = system.client()
                .pods()
                .inNamespace(workflow.namespace())
                .withName(AgentPlanner.podName(workflow.name()))
                .get();
        return Optional.ofNullable(pod)
                .filter(found -> !found.getMetadata().getUid().equals(notUid));
    }

    private static Pod awaitAgent(WorkflowRef workflow, @Nullable String notUid) {
        await().atMost(PATIENCE).until(() -> agent(workflow, notUid).isPresent());
        return agent(workflow, notUid).orElseThrow();
    }

    private static void report(WorkflowRef workflow, String podName, String result) throws Exception {
        JsonNode outputs = ApiJson.mapper().readTree("{\"result\": \"" + result + "\"}");
        system.send(new TaskResult(
                workflow, workflow.name(), podName, null, Instant.now(), "Succeeded", null, outputs, null, true));
    }

    @Test
    void anAgentThatDiesIsReplacedAndItsSuccessorFinishesTheTask() throws Exception {
        WorkflowRef workflow = create("asking", "");
        String first = awaitAgent(workflow, null).getMetadata().getUid();
        await().atMost(PATIENCE)
                .until(() -> tasks(workflow)
                        .map(set -> set.getSpec().tasks().keySet())
                        .filter(nodes -> nodes.contains("asking"))
                        .isPresent());

        system.client()
                .pods()
                .inNamespace(workflow.namespace())
                .withName(AgentPlanner.podName("asking"))
                .delete();

        awaitAgent(workflow, first);
        assertThat(system.get("asking").getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        report(workflow, "somebody-else", "wrong");
        report(workflow, AgentPlanner.podName("asking"), "right");
        Workflow done = system.finished("asking");
        assertThat(done.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(result(node(done, "asking"))).isEqualTo("right");
        await().atMost(PATIENCE).until(() -> agent(workflow, null).isEmpty());
        assertThat(tasks(workflow).orElseThrow().getMetadata().getLabels())
                .containsEntry("workflows.argoproj.io/completed", "true");
    }

    private static NodeStatus node(Workflow workflow, String id) {
        return Objects.requireNonNull(workflow.getStatus().nodes().get(id));
    }

    private static @Nullable String result(NodeStatus node) {
        return Objects.requireNonNull(node.outputs()).result();
    }

    private static Optional<WorkflowTaskSet> tasks(WorkflowRef workflow) {
        return Optional.ofNullable(system.client()
                .resources(WorkflowTaskSet.class)
                .inNamespace(workflow.namespace())
                .withName(workflow.name())
                .get());
    }

    @Test
    void aMemoizedRequestIsMadeOnce() throws Exception {
        String memoized = "memoize: {key: once, maxAge: 1h, cache: {configMap: {name: answers}}}";
        WorkflowRef first = create("first", memoized);
        awaitAgent(first, null);
        report(first, AgentPlanner.podName("first"), "cached");
        assertThat(system.finished("first").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        await().atMost(PATIENCE)
                .until(() -> system.client()
                                .configMaps()
                                .inNamespace(TestSystem.NAMESPACE)
                                .withName("answers")
                                .get()
                        != null);

        WorkflowRef second = create("second", memoized);

        Workflow done = system.finished("second");
        NodeStatus node = node(done, "second");
        assertThat(node.phase()).isEqualTo(NodePhase.SUCCEEDED);
        assertThat(result(node)).isEqualTo("cached");
        assertThat(Objects.requireNonNull(node.memoizationStatus()).hit()).isTrue();
        assertThat(agent(second, null)).as("an agent for nothing").isEmpty();
    }
}
