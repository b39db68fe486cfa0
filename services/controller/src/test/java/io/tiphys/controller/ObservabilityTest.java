package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What others see of a workflow that runs: caches, metrics, events, status. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservabilityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TestSystem system;

    @BeforeAll
    void start() throws Exception {
        system = new TestSystem();
        system.startController(Map.of("tiphys.archive.enabled", "false"));
    }

    @AfterAll
    void stop() throws Exception {
        system.close();
    }

    @Test
    void theSecondNodeOfAKeyIsSpared() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: memo}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: a, template: inner}
                    - - {name: b, template: inner}
                  - name: inner
                    memoize: {key: same, cache: {configMap: {name: memo-store}}}
                    steps: [[{name: only, template: work}]]
                  - name: work
                    container: {image: "alpine:latest", command: ["true"]}
                """);

        Workflow finished = system.finished("memo");

        assertThat(finished.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        NodeStatus spared = finished.getStatus().nodes().values().stream()
                .filter(node -> node.displayName() != null && node.displayName().equals("b"))
                .findFirst()
                .orElseThrow();
        assertThat(Objects.requireNonNull(spared.memoizationStatus()).hit()).isTrue();
        assertThat(system.kubelet().ran())
                .filteredOn(pod -> pod.startsWith("memo-"))
                .hasSize(1);
    }

    @Test
    void metricsAndEventsTellOfARun() {
        Workflow created = system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: seen}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    metadata: {annotations: {test/exit-code: "3"}}
                    metrics:
                      prometheus:
                      - {name: ends, help: "how it ends", labels: [{key: status, value: "{{status}}"}], counter: {value: "2"}}
                      - {name: nonsense, help: "no number", gauge: {value: "much"}}
                    container: {image: "alpine:latest", command: ["false"]}
                """);

        Workflow finished = system.finished("seen");

        assertThat(system.board().text())
                .contains("# TYPE argo_workflows_ends counter\n", "argo_workflows_ends{status=\"Failed\"} 2\n")
                .contains("argo_workflows_gauge{phase=\"Failed\"}", "argo_workflows_total_count{namespace=\"default\"");
        assertThat(finished.getStatus().conditions())
                .anySatisfy(condition -> assertThat(condition.type()).isEqualTo("MetricsError"));
        assertThat(Objects.requireNonNull(finished.getStatus().artifactGCStatus())
                        .notSpecified())
                .isTrue();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(created))
                        .extracting(Event::getReason, Event::getType)
                        .contains(
                                org.assertj.core.groups.Tuple.tuple("WorkflowRunning", "Normal"),
                                org.assertj.core.groups.Tuple.tuple("WorkflowNodeRunning", "Normal"),
                                org.assertj.core.groups.Tuple.tuple("WorkflowNodeFailed", "Warning"),
                                org.assertj.core.groups.Tuple.tuple("WorkflowFailed", "Warning")));
        Event failed = events(created).stream()
                .filter(event -> event.getReason().equals("WorkflowNodeFailed"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.getMessage()).startsWith("Failed node seen: main: ").endsWith("(exit code 3)");
        assertThat(failed.getMetadata().getAnnotations())
                .containsEntry("workflows.argoproj.io/node-type", "Pod")
                .containsEntry("workflows.argoproj.io/node-id", "seen");
    }

    private List<Event> events(Workflow workflow) {
        return system.client().v1().events().inNamespace(TestSystem.NAMESPACE).list().getItems().stream()
                .filter(event -> workflow.getMetadata()
                        .getUid()
                        .equals(event.getInvolvedObject().getUid()))
                .toList();
    }
}
