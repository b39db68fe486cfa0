package io.tiphys.uploader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.messages.TaskResult;
import io.tiphys.transfer.AgentWork;
import io.tiphys.transfer.Capability;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a workflow's agent gets from the uploader, and gives to it. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class AgentEndpointsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceDefinitionContext TASK_SETS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("WorkflowTaskSet")
            .withPlural("workflowtasksets")
            .withNamespaced(true)
            .build();

    private final HttpClient http = HttpClient.newHttpClient();
    private String uid = "";
    private final String workflow = "wf-" + UUID.randomUUID();

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    URI uploader;

    @Inject
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    KubernetesClient kubernetes;

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> http.send(
                                        HttpRequest.newBuilder(uploader.resolve("/q/health/ready"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    /** Stands for the workflow that owns the tasks: what nobody owns any more is deleted by the API server. */
    @BeforeEach
    void owner() {
        uid = kubernetes
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(workflow)
                        .withNamespace("default")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getUid();
    }

    private String agentOf(String workflowUid) throws Exception {
        return Surroundings.key()
                .sign(Capability.ofAgent(
                        workflowUid,
                        "default",
                        workflow,
                        workflow + "-agent",
                        0,
                        Instant.now().plusSeconds(600)));
    }

    private HttpResponse<String> tasks(String token, String after, int waitSeconds) throws Exception {
        return http.send(
                HttpRequest.newBuilder(
                                uploader.resolve("/v1/agent/tasks?after=" + after + "&waitSeconds=" + waitSeconds))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }

    private AgentWork.Tasks awaitTasks(String token, String after) throws Exception {
        HttpResponse<String> answer = tasks(token, after, 30);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), AgentWork.Tasks.class);
    }

    private void taskSet(Map<String, Object> tasks) {
        GenericKubernetesResource set = new GenericKubernetesResource();
        set.setApiVersion("argoproj.io/v1alpha1");
        set.setKind("WorkflowTaskSet");
        set.setMetadata(new ObjectMetaBuilder()
                .withName(workflow)
                .withNamespace("default")
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(workflow)
                .withUid(uid)
                .endOwnerReference()
                .build());
        set.setAdditionalProperty("spec", Map.of("tasks", tasks));
        kubernetes
                .genericKubernetesResources(TASK_SETS)
                .inNamespace("default")
                .resource(set)
                .createOr(existing -> existing.update());
    }

    private static Map<String, Object> request(String header) {
        return Map.of(
                "name",
                "main",
                "http",
                Map.of(
                        "url",
                        "http://example.test/",
                        "headers",
                        List.of(Map.of(
                                "name",
                                "X-Key",
                                "valueFrom",
                                Map.of("secretKeyRef", Map.of("name", header, "key", "key"))))));
    }

    @Test
    void anAgentWaitsForNewTasksAndGetsThemWithTheirSecrets() throws Exception {
        String token = agentOf(uid);
        kubernetes
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("key-" + uid)
                        .withNamespace("default")
                        .endMetadata()
                        .addToStringData("key", "open sesame")
                        .build())
                .create();
        assertThat(tasks(token, "", 0).statusCode()).as("there is nothing yet").isEqualTo(204);

        taskSet(Map.of("n-1", request("key-" + uid)));
        AgentWork.Tasks first = awaitTasks(token, "");
        assertThat(first.tasks()).extracting(AgentWork.Task::nodeId).containsExactly("n-1");
        assertThat(first.tasks().getFirst().secrets()).containsEntry("key-" + uid + "/key", "open sesame");
        assertThat(tasks(token, first.version(), 0).statusCode())
                .as("nothing new")
                .isEqualTo(204);

        taskSet(Map.of("n-2", request("absent")));
        AgentWork.Tasks second = awaitTasks(token, first.version());
        assertThat(second.tasks()).extracting(AgentWork.Task::nodeId).containsExactly("n-2");
        assertThat(second.tasks().getFirst().problem()).contains("absent", "is not there");
    }

    @Test
    void tasksOfAnEarlierWorkflowOfTheSameNameAreNobodys() throws Exception {
        taskSet(Map.of("n-1", request("absent")));

        assertThat(tasks(agentOf(UUID.randomUUID().toString()), "", 0).statusCode())
                .isEqualTo(204);
    }

    @Test
    void onlyAnAgentMayAsk() throws Exception {
        String pod = Surroundings.key()
                .sign(new Capability(
                        uid, "default", workflow, "n-1", "pod", 0, Instant.now().plusSeconds(600), Map.of(), Map.of()));

        assertThat(tasks(pod, "", 0).statusCode()).isEqualTo(403);
        assertThat(tasks("forged", "", 0).statusCode()).isEqualTo(401);
    }

    @Test
    void whatAnAgentReportsGoesToTheControllerUnderTheAgentsName() throws Exception {
        AgentWork.Results results = new AgentWork.Results(
                "agent-uid", List.of(new AgentWork.Result("n-1", "Succeeded", null, Map.of("result", "42"), "1/1")));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uploader.resolve("/v1/agent/results"))
                        .header("Authorization", "Bearer " + agentOf(uid))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(results)))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
        TaskResult result = TaskResultsConsumer.await(uid);
        assertThat(result.nodeId()).isEqualTo("n-1");
        assertThat(result.podName()).isEqualTo(workflow + "-agent");
        assertThat(result.podUid()).isEqualTo("agent-uid");
        assertThat(result.phase()).isEqualTo("Succeeded");
        assertThat(Objects.requireNonNull(result.outputs()).path("result").asText())
                .isEqualTo("42");
    }
}
