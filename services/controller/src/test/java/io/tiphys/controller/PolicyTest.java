package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.Manifests;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.controller.parts.TestSystem;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator lays down for all workflows. */
class PolicyTest {
    private static final String INSTANCE = "workflows.argoproj.io/controller-instanceid";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static TestSystem system;

    @BeforeAll
    static void start() throws Exception {
        system = new TestSystem();
        system.startController(Map.of(
                "tiphys.archive.enabled",
                "false",
                "tiphys.instance-id",
                "ci",
                "tiphys.workflow-defaults",
                """
                {"metadata": {"labels": {"team": "helm"}, "annotations": {"from": "defaults"}},
                 "spec": {"entrypoint": "main", "activeDeadlineSeconds": 3600, "podMetadata": {"labels": {"by": "default"}},
                  "arguments": {"parameters": [{"name": "who", "value": "nobody"}]}}}""",
                "tiphys.failed-pod-restart.enabled",
                "true",
                "tiphys.failed-pod-restart.max-restarts",
                "2"));
    }

    @AfterAll
    static void stop() throws Exception {
        system.close();
    }

    private static Workflow create(String name, String more, String template) {
        return system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s, labels: {workflows.argoproj.io/controller-instanceid: ci%s}}
                spec:
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: ["true"]}
                %s
                """.formatted(name, more, template.indent(4)));
    }

    private static Pod pod(String name) {
        return system.client()
                .pods()
                .inNamespace(TestSystem.NAMESPACE)
                .withName(name)
                .require();
    }

    @Test
    void whatWorkflowsLeaveOutComesFromTheDefaults() {
        create("defaulted", ", team: oars", "metadata: {annotations: {who: '{{workflow.parameters.who}}'}}");

        Workflow defaulted = system.finished("defaulted");

        assertThat(defaulted.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(defaulted.getMetadata().getLabels()).containsEntry("team", "oars");
        assertThat(defaulted.getMetadata().getAnnotations()).containsEntry("from", "defaults");
        assertThat(pod("defaulted").getMetadata().getLabels())
                .containsEntry("by", "default")
                .containsEntry(INSTANCE, "ci");
        assertThat(pod("defaulted").getMetadata().getAnnotations()).containsEntry("who", "nobody");
    }

    @Test
    void aTemplateComesBeforeTheDefaultsAndTheWorkflowBeforeBoth() {
        system.client().resource(Manifests.read("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: WorkflowTemplate
                        metadata: {name: greet, namespace: default}
                        spec:
                          arguments: {parameters: [{name: who, value: crew}, {name: what, value: ahoy}]}
                          templates:
                          - name: main
                            metadata: {annotations: {said: "{{workflow.parameters.what}} {{workflow.parameters.who}}"}}
                            container: {image: "alpine:latest", command: ["true"]}
                        """, WorkflowTemplate.class)).create();
        predecessor();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: greeting, labels: {workflows.argoproj.io/controller-instanceid: ci}}
                spec:
                  workflowTemplateRef: {name: greet}
                  arguments: {parameters: [{name: what, value: hello}]}
                """);

        Workflow greeting = system.finished("greeting");

        assertThat(greeting.getStatus().phase())
                .as(greeting.getStatus().message())
                .isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(greeting.getMetadata().getLabels())
                .containsEntry("workflows.argoproj.io/workflow-template", "greet")
                .containsEntry("team", "helm");
        NodeStatus root = Objects.requireNonNull(greeting.getStatus().nodes().get("greeting"));
        assertThat(pod("greeting").getMetadata().getAnnotations()).containsEntry("said", "hello crew");
        assertThat(greeting.getStatus().estimatedDuration()).isEqualTo(90);
        String metrics = system.board().text();
        assertThat(metrics)
                .contains(
                        "argo_workflows_workflowtemplate_triggered_total{cluster_scope=\"false\",name=\"greet\","
                                + "namespace=\"default\",phase=\"Succeeded\"} 1",
                        "argo_workflows_workflowtemplate_runtime_count{cluster_scope=\"false\",name=\"greet\",namespace=\"default\"} 1",
                        "argo_workflows_pods_total_count{namespace=\"default\",phase=\"Succeeded\"}",
                        "argo_workflows_operation_duration_seconds_count ");
        assertThat(root.estimatedDuration()).isEqualTo(80);
    }

    /** A workflow of the same template that somebody ran before, for a minute and a half. */
    private static void predecessor() {
        Workflow earlier = system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: greeted
                  labels: {workflows.argoproj.io/workflow-template: greet, workflows.argoproj.io/phase: Succeeded}
                spec: {workflowTemplateRef: {name: greet}}
                """);
        Instant end = Instant.parse("2026-01-01T00:02:00Z");
        Workflow done = Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: greeted}
                spec: {workflowTemplateRef: {name: greet}}
                status:
                  phase: Succeeded
                  startedAt: "2026-01-01T00:00:30Z"
                  finishedAt: "2026-01-01T00:02:00Z"
                  nodes:
                    greeted:
                      {id: greeted, name: greeted, displayName: greeted, type: Pod, phase: Succeeded,
                       startedAt: "2026-01-01T00:00:40Z", finishedAt: "2026-01-01T00:02:00Z"}
                """, Workflow.class);
        assertThat(done.getStatus().finishedAt()).isEqualTo(end);
        system.client()
                .resource(earlier.withStatus(done.getStatus()))
                .inNamespace(TestSystem.NAMESPACE)
                .update();
    }

    @Test
    void whatBelongsToAnotherInstallationIsLeftAlone() {
        Workflow other = system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: others}
                spec: {entrypoint: main, templates: [{name: main, container: {image: "alpine:latest", command: ["true"]}}]}
                """);
        create("ours", "", "");

        system.finished("ours"); // it came later, so the other one has been seen as well

        assertThat(system.get("others").getStatus().phase()).isEqualTo(WorkflowPhase.UNKNOWN);
        assertThat(other.getMetadata().getLabels()).isNullOrEmpty();
    }

    @Test
    void aPodThatIsEvictedBeforeItBeginsIsMadeAgain() {
        create("evicted", "", "metadata: {annotations: {test/evictions: '2'}}");

        Workflow evicted = system.finished("evicted");

        assertThat(evicted.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(evicted.getStatus().nodes().values())
                .extracting(NodeStatus::phase, NodeStatus::failedPodRestarts)
                .containsExactly(tuple(NodePhase.SUCCEEDED, 2));
        assertThat(system.kubelet().ran().stream().filter("evicted"::equals)).hasSize(3);
        assertThat(system.board().text())
                .contains("argo_workflows_pod_restarts_total{condition=\"DiskPressure\",namespace=\"default\","
                        + "reason=\"Evicted\"} ");
    }

    @Test
    void aPodThatIsEvictedTooOftenFailsItsNode() {
        create("unlucky", "", "metadata: {annotations: {test/evictions: '9'}}");

        Workflow unlucky = system.finished("unlucky");

        assertThat(unlucky.getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(unlucky.getStatus().message()).contains("DiskPressure");
        assertThat(unlucky.getStatus().nodes().values())
                .extracting(NodeStatus::failedPodRestarts)
                .containsExactly(2);
    }

    @Test
    void aReportOfAnEarlierPodOfTheSameNameDoesNotCount() {
        system.kubelet().hold();
        try {
            Workflow created = create("reported", "", "outputs: {parameters: [{name: p, value: own}]}");
            await().atMost(PATIENCE)
                    .until(() -> system.get("reported").getStatus().phase() == WorkflowPhase.RUNNING);
            WorkflowRef ref = new WorkflowRef(
                    TestSystem.NAMESPACE, "reported", created.getMetadata().getUid());
            system.send(progress(ref, "of-an-earlier-pod", "7/9"));
            system.send(progress(ref, pod("reported").getMetadata().getUid(), "3/4"));

            await().atMost(PATIENCE)
                    .until(() -> "3/4".equals(String.valueOf(status("reported").progress())));
        } finally {
            system.kubelet().release();
        }
        assertThat(String.valueOf(system.finished("reported").getStatus().progress()))
                .isEqualTo("4/4");
    }

    private static WorkflowStatus status(String workflow) {
        return system.get(workflow).getStatus();
    }

    private static TaskResult progress(WorkflowRef ref, String podUid, String progress) {
        return new TaskResult(ref, ref.name(), ref.name(), podUid, Instant.now(), null, null, null, progress, false);
    }
}
