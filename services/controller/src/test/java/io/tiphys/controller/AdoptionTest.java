package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.parts.TestSystem;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workflows that somebody else ran so far. */
class AdoptionTest {
    private static final Map<String, String> SETTINGS = Map.of("tiphys.archive.enabled", "false");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WORKFLOW = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: moved}
            spec:
              entrypoint: main
              templates:
              - name: main
                steps:
                - - {name: a, template: work}
                  - {name: b, template: work}
                  - {name: lost, template: work, continueOn: {error: true}}
                - - {name: c, template: work}
              - name: work
                container: {image: "alpine:latest", command: ["true"]}
            """;
    private static final String STATUS = """
            {"phase": "Running", "startedAt": "2026-01-01T00:00:00Z", "nodes": {
              "moved": {"id": "moved", "name": "moved", "displayName": "moved", "type": "Steps", "phase": "Running",
                "templateName": "main", "templateScope": "local/moved", "startedAt": "2026-01-01T00:00:00Z",
                "children": ["moved-1"]},
              "moved-1": {"id": "moved-1", "name": "moved[0]", "type": "StepGroup", "phase": "Running",
                "templateScope": "local/moved", "boundaryID": "moved", "startedAt": "2026-01-01T00:00:00Z"},
              "moved-2": {"id": "moved-2", "name": "moved[0].a", "type": "Pod", "phase": "Succeeded",
                "templateName": "work", "templateScope": "local/moved", "boundaryID": "moved",
                "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:09Z"},
              "moved-3": {"id": "moved-3", "name": "moved[0].b", "type": "Pod", "phase": "Running",
                "templateName": "work", "templateScope": "local/moved", "boundaryID": "moved",
                "startedAt": "2026-01-01T00:00:00Z"},
              "moved-4": {"id": "moved-4", "name": "moved[0].lost", "type": "Pod", "phase": "Running",
                "templateName": "work", "templateScope": "local/moved", "boundaryID": "moved",
                "startedAt": "2026-01-01T00:00:00Z"}}}
            """;

    private TestSystem system;

    @BeforeEach
    void start() throws Exception {
        system = new TestSystem();
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
    }

    @Test
    void aWorkflowThatArgoBeganIsFinishedHere() throws Exception {
        system.kubelet().hold();
        Workflow created = system.create(WORKFLOW);
        WorkflowStatus status = ApiJson.mapper().readValue(STATUS, WorkflowStatus.class);
        status(created, status);
        argoPod(created, "moved-work-3", "moved-3");
        system.startController(SETTINGS);
        await().atMost(PATIENCE).until(() -> node("moved[0].lost").phase() == NodePhase.ERROR);

        system.kubelet().release();

        Workflow finished = system.finished("moved");
        assertThat(finished.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(node("moved[0].lost").message()).isEqualTo("pod deleted");
        assertThat(node("moved[0].b").phase()).isEqualTo(NodePhase.SUCCEEDED);
        assertThat(system.kubelet().ran())
                .as("the predecessor's pod and one more")
                .hasSize(2);
    }

    @Test
    void compressedNodesAreRead() throws Exception {
        Workflow created = system.create(WORKFLOW);
        WorkflowStatus status = ApiJson.mapper().readValue(STATUS, WorkflowStatus.class);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(ApiJson.mapper().writeValueAsBytes(status.nodes()));
        }
        status(
                created,
                status.withNodes(Map.of())
                        .withCompressedNodes(Base64.getEncoder().encodeToString(packed.toByteArray())));
        system.startController(SETTINGS);

        Workflow finished = system.finished("moved");
        assertThat(node("moved[0].a").phase()).isEqualTo(NodePhase.SUCCEEDED);
        assertThat(node("moved[0].b").phase()).isEqualTo(NodePhase.ERROR);
        assertThat(finished.getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(system.kubelet().ran()).isEmpty();
    }

    @Test
    void aDeadlineThatIsSetWhileItRunsHolds() {
        system.kubelet().hold();
        system.startController(SETTINGS);
        system.create(WORKFLOW);
        await().atMost(PATIENCE).until(() -> system.kubelet().ran().size() == 3);

        system.client()
                .resources(Workflow.class)
                .inNamespace(TestSystem.NAMESPACE)
                .withName("moved")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"activeDeadlineSeconds\": 1}}");

        await().atMost(PATIENCE)
                .until(() -> system.client().pods().inNamespace(TestSystem.NAMESPACE).list().getItems().stream()
                        .allMatch(pod -> Long.valueOf(1).equals(pod.getSpec().getActiveDeadlineSeconds())));
    }

    private void status(Workflow workflow, WorkflowStatus status) {
        system.client().resource(workflow.withStatus(status)).update();
    }

    private NodeStatus node(String name) {
        return system.get("moved").getStatus().nodes().values().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void argoPod(Workflow workflow, String name, String nodeId) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(TestSystem.NAMESPACE)
                .addToLabels("workflows.argoproj.io/workflow", "moved")
                .addToLabels("workflows.argoproj.io/completed", "false")
                .addToAnnotations("workflows.argoproj.io/node-id", nodeId)
                .addNewOwnerReference()
                .withApiVersion("argoproj.io/v1alpha1")
                .withKind("Workflow")
                .withName("moved")
                .withUid(workflow.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("alpine:latest")
                .endContainer()
                .endSpec()
                .build();
        system.client().pods().resource(pod).create();
    }
}
