package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Manifests;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.controller.parts.TestSystem;
import io.tiphys.messages.Topics;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One controller with a broker, an API server and a kubelet that pretends. */
class ControllerTest {
    private static TestSystem system;

    @BeforeAll
    static void start() throws Exception {
        system = new TestSystem(Topics.SHARDS);
        system.startController(Map.of("tiphys.archive.enabled", "false"));
    }

    @AfterAll
    static void stop() throws Exception {
        system.close();
    }

    @Test
    void aClaimThatTheApiServerRefusesEndsTheWorkflow() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: claiming}
                spec:
                  entrypoint: main
                  volumeClaimTemplates:
                  - metadata: {name: work}
                    spec: {accessModes: [Nonsense], resources: {requests: {storage: 1Mi}}}
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: ["true"], volumeMounts: [{name: work, mountPath: /w}]}
                """);

        Workflow finished = system.finished("claiming");

        assertThat(finished.getStatus().phase()).isEqualTo(WorkflowPhase.ERROR);
        assertThat(finished.getStatus().message())
                .startsWith("pvc create error: ")
                .contains("Unsupported value: \"Nonsense\"");
    }

    @Test
    void runsHelloWorld() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: hello}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: [echo, hello]}
                """);

        Workflow hello = system.finished("hello");

        assertThat(hello.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(hello.getStatus().nodes().values())
                .extracting(NodeStatus::phase)
                .containsExactly(NodePhase.SUCCEEDED);
        assertThat(hello.getMetadata().getLabels())
                .containsEntry("workflows.argoproj.io/phase", "Succeeded")
                .containsKey("tiphys.io/shard");
    }

    @Test
    void failsAWorkflowWithTheReasonOfItsPod() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: failing}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    metadata: {annotations: {test/exit-code: "3"}}
                    container: {image: "alpine:latest", command: [sh, -c, exit 3]}
                """);

        Workflow failing = system.finished("failing");

        assertThat(failing.getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(failing.getStatus().message()).contains("exit code 3");
    }

    @Test
    void givesAWorkflowTheMetadataThatItsSpecAsksFor() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: decorated}
                spec:
                  entrypoint: main
                  arguments: {parameters: [{name: who, value: helm}]}
                  workflowMetadata:
                    labels: {plain: text}
                    annotations: {note: "any \\"text\\""}
                    labelsFrom: {made: {expression: "workflow.parameters.who + '-' + workflow.labels.plain"}}
                  podDisruptionBudget: {minAvailable: 1}
                  templates:
                  - name: main
                    metadata: {annotations: {saw: "{{workflow.labels.made}}"}}
                    container: {image: "alpine:latest", command: ["true"]}
                """);

        Workflow decorated = system.finished("decorated");

        assertThat(decorated.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(decorated.getMetadata().getLabels())
                .containsEntry("plain", "text")
                .containsEntry("made", "helm-text");
        assertThat(decorated.getMetadata().getAnnotations()).containsEntry("note", "any \"text\"");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> system.client()
                                .policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(TestSystem.NAMESPACE)
                                .withName("decorated")
                                .get()
                        == null);
    }

    @Test
    void saysWhichLabelCannotBe() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: mislabelled}
                spec:
                  entrypoint: main
                  workflowMetadata: {labelsFrom: {made: {expression: "1 + 1"}}}
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: ["true"]}
                """);

        WorkflowStatus status = system.finished("mislabelled").getStatus();
        assertThat(status.phase()).isEqualTo(WorkflowPhase.ERROR);
        assertThat(status.message()).contains("label \"made\"", "must be a string");
    }

    @Test
    void saysWhichArtifactRepositoryCannotBeRead() {
        system.client()
                .configMaps()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("broken")
                        .withNamespace(TestSystem.NAMESPACE)
                        .endMetadata()
                        .addToData("mine", "s3: [no, map]")
                        .build())
                .create();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: nowhere}
                spec:
                  entrypoint: main
                  artifactRepositoryRef: {configMap: broken, key: mine}
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: ["true"]}
                """);

        WorkflowStatus status = system.finished("nowhere").getStatus();
        assertThat(status.phase()).isEqualTo(WorkflowPhase.ERROR);
        assertThat(status.message()).contains("\"mine\"", "ConfigMap " + TestSystem.NAMESPACE + "/broken");
    }

    @Test
    void aRepositoryThatATemplateNamesHasToBeThere() {
        system.client().resource(Manifests.read("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: WorkflowTemplate
                        metadata: {name: elsewhere, namespace: default}
                        spec:
                          entrypoint: main
                          artifactRepositoryRef: {configMap: stores, key: absent}
                          templates:
                          - name: main
                            container: {image: "alpine:latest", command: ["true"]}
                        """, WorkflowTemplate.class)).create();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: astray}
                spec: {workflowTemplateRef: {name: elsewhere}}
                """);

        WorkflowStatus status = system.finished("astray").getStatus();

        assertThat(status.phase()).isEqualTo(WorkflowPhase.ERROR);
        assertThat(status.message())
                .startsWith("failed to resolve artifact repository: ")
                .contains("\"absent\"", TestSystem.NAMESPACE + "/stores");
    }

    @Test
    void rejectsAnInvalidSpec() {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: invalid}
                spec:
                  entrypoint: absent
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: [echo, hello]}
                """);

        Workflow invalid = system.finished("invalid");

        assertThat(invalid.getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(invalid.getStatus().message()).startsWith("invalid spec: ").contains("absent");
    }

    @Test
    void startsWorkflowsOnASchedule() {
        CronWorkflow cron = Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: CronWorkflow
                metadata: {name: tick, namespace: default}
                spec:
                  schedules: ["@every 1s"]
                  workflowSpec:
                    entrypoint: main
                    templates:
                    - name: main
                      container: {image: "alpine:latest", command: ["true"]}
                """, CronWorkflow.class);
        var crons = system.client().resources(CronWorkflow.class).inNamespace(TestSystem.NAMESPACE);
        crons.resource(cron).create();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> crons.withName("tick").require().getStatus().succeeded() >= 1);

        crons.withName("tick").delete();
    }
}
