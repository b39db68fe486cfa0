package io.tiphys.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.archive.config.KafkaConfig;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Message;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class ArchiveTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Records RECORDS = new Records("/tiphys/test", Topics.SHARDS);

    @Inject
    KafkaConfig kafka;

    @Inject
    KubernetesClient kubernetes;

    @Inject
    ObjectMapper json;

    @TestHTTPResource("/")
    URI base = URI.create("/");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void finishedWorkflowIsFoundWithItsNodesAndTheLiveOneIsToldSo() throws Exception {
        WorkflowRef ref = live("told", Map.of("team", "blue"));
        send(
                node(ref, ref.name(), "Running"),
                node(ref, ref.name() + "-1", "Failed"),
                node(ref, ref.name() + "-1", "Succeeded"),
                node(ref, ref.name(), "Succeeded"),
                completed(ref, "Succeeded", Map.of("team", "blue")));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/v1/workflows/" + ref.uid()).statusCode() == 200);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> tree(get("/v1/workflows/" + ref.uid()))
                                .path("status")
                                .path("nodes")
                                .size()
                        == 2);
        JsonNode workflow = tree(get("/v1/namespaces/argo/workflows/told"));
        assertThat(workflow.path("status")
                        .path("nodes")
                        .path("told-1")
                        .path("phase")
                        .asText())
                .as(workflow.toString())
                .isEqualTo("Succeeded");
        JsonNode brief = tree(get("/v1/workflows/" + ref.uid() + "?nodes=false"));
        assertThat(brief.path("status").has("nodes")).isFalse();
        assertThat(brief.at("/status/offloadNodeStatusVersion").asText()).isEqualTo("archived");
        assertThat(brief.path("spec")).isEqualTo(workflow.path("spec"));
        assertThat(workflow.path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/completed")
                        .asText())
                .isEqualTo("true");
        assertThat(workflow.path("spec").path("unknown").path("kept").asInt()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> "Archived".equals(liveLabels(ref).get("workflows.argoproj.io/workflow-archiving-status")));
    }

    @Test
    void searchesByLabelNameAndTime() throws Exception {
        WorkflowRef red = live("search-red", Map.of());
        WorkflowRef green = live("search-green", Map.of());
        send(
                completed(red, "Failed", Map.of("colour", "red", "suite", "search")),
                completed(green, "Succeeded", Map.of("colour", "green", "suite", "search")));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> names("{\"labelSelector\":\"suite=search\"}").size() == 2);

        assertThat(names("{\"labelSelector\":\"suite=search,colour=red\"}")).containsExactly("search-red");
        assertThat(names("{\"labelSelector\":\"suite=search,colour!=red\"}")).containsExactly("search-green");
        assertThat(names("{\"labelSelector\":\"colour in (red,green),!missing\"}"))
                .hasSize(2);
        assertThat(names("{\"namePrefix\":\"search-r\"}")).containsExactly("search-red");
        assertThat(names("{\"name\":\"ch-gre\",\"nameFilter\":\"Contains\"}")).containsExactly("search-green");
        assertThat(names("{\"namespace\":\"elsewhere\"}")).isEmpty();
        assertThat(names("{\"labelSelector\":\"suite=search\",\"startedAfter\":\"2027-01-01T00:00:00Z\"}"))
                .isEmpty();
        assertThat(names("{\"labelSelector\":\"suite=search\",\"excludeUids\":[\"" + red.uid() + "\"]}"))
                .containsExactly("search-green");
        JsonNode page =
                tree(post("/v1/workflows/search", "{\"labelSelector\":\"suite=search\",\"limit\":1,\"count\":true}"));
        assertThat(page.path("more").asBoolean()).isTrue();
        assertThat(page.path("total").asInt()).isEqualTo(2);
        assertThat(page.path("items").get(0).path("status").has("nodes")).isFalse();
        assertThat(post("/v1/workflows/search", "{\"labelSelector\":\"a b\"}").statusCode())
                .isEqualTo(400);
        assertThat(tree(get("/v1/labels?namespace=argo")).path("items").toString())
                .contains("\"colour\"");
        assertThat(tree(get("/v1/labels/values?key=colour")).path("items").toString())
                .isEqualTo("[\"green\",\"red\"]");
    }

    @Test
    void forgetsWhatIsDeleted() throws Exception {
        WorkflowRef ref = live("forgotten", Map.of());
        send(node(ref, "forgotten", "Succeeded"), completed(ref, "Succeeded", Map.of()));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/v1/workflows/" + ref.uid()).statusCode() == 200);

        assertThat(request("DELETE", "/v1/workflows/" + ref.uid(), "").statusCode())
                .isEqualTo(204);
        assertThat(get("/v1/workflows/" + ref.uid()).statusCode()).isEqualTo(404);
    }

    @Test
    void nodesThatTheControllerTakesOutAreLeftOut() throws Exception {
        WorkflowRef ref = live("retried", Map.of());
        send(node(ref, "retried", "Running"), node(ref, "retried-1", "Failed"));
        await().atMost(Duration.ofSeconds(30)).until(() -> nodes(ref).size() == 2);
        produce(RECORDS.nodeTombstone(ref.uid(), "retried-1"));
        await().atMost(Duration.ofSeconds(30)).until(() -> nodes(ref).size() == 1);

        send(node(ref, "retried-1", "Succeeded"));
        await().atMost(Duration.ofSeconds(30)).until(() -> nodes(ref).size() == 2);
        produce(RECORDS.nodeTombstone(ref.uid(), "retried-1"), RECORDS.nodeTombstone(ref.uid(), ""));
        send(node(ref, "after", "Succeeded"));
        await().atMost(Duration.ofSeconds(30)).until(() -> nodes(ref).has("after"));
        assertThat(nodes(ref).has("retried-1"))
                .as("a journal that is dropped whole says nothing about the workflow's nodes")
                .isTrue();
    }

    @Test
    void unreadableRecordsGoToTheDeadLettersAndDontHoldUpTheRest() throws Exception {
        produce(new ProducerRecord<>(
                "tiphys.workflow-events", "poison", "{\"type\":".getBytes(StandardCharsets.UTF_8)));
        WorkflowRef ref = live("behind-poison", Map.of());
        send(completed(ref, "Succeeded", Map.of()));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/v1/workflows/" + ref.uid()).statusCode() == 200);
        try (KafkaConsumer<String, byte[]> consumer =
                KafkaClients.consumer(kafka.servers(), "test", Map.of("group.id", "test"))) {
            consumer.subscribe(List.of("tiphys.workflow-events.dlq"));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<String, byte[]> dead : consumer.poll(Duration.ofMillis(200))) {
                    if ("poison".equals(dead.key()) && dead.headers().lastHeader("tiphys_reason") != null) {
                        return true;
                    }
                }
                return false;
            });
        }
    }

    private JsonNode nodes(WorkflowRef ref) throws Exception {
        return tree(get("/v1/workflows/" + ref.uid() + "/nodes")).path("nodes");
    }

    private List<String> names(String search) throws Exception {
        return tree(post("/v1/workflows/search", search)).path("items").findValuesAsText("name");
    }

    private WorkflowRef live(String name, Map<String, String> labels) {
        GenericKubernetesResource workflow = new GenericKubernetesResource();
        workflow.setApiVersion("argoproj.io/v1alpha1");
        workflow.setKind("Workflow");
        workflow.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withName(name)
                .withNamespace("argo")
                .withLabels(labels)
                .build());
        workflow.setAdditionalProperty("spec", Map.of("entrypoint", "main"));
        String uid = kubernetes
                .genericKubernetesResources(workflows())
                .inNamespace("argo")
                .resource(workflow)
                .create()
                .getMetadata()
                .getUid();
        return new WorkflowRef("argo", name, uid);
    }

    private Map<String, String> liveLabels(WorkflowRef ref) {
        return kubernetes
                .genericKubernetesResources(workflows())
                .inNamespace(ref.namespace())
                .withName(ref.name())
                .get()
                .getMetadata()
                .getLabels();
    }

    private static ResourceDefinitionContext workflows() {
        return new ResourceDefinitionContext.Builder()
                .withGroup("argoproj.io")
                .withVersion("v1alpha1")
                .withKind("Workflow")
                .withPlural("workflows")
                .withNamespaced(true)
                .build();
    }

    private Message node(WorkflowRef ref, String id, String phase) {
        ObjectNode node = json.createObjectNode().put("id", id).put("name", id).put("phase", phase);
        return new NodeChange(ref, id, 1, START, node, null);
    }

    private Message completed(WorkflowRef ref, String phase, Map<String, String> labels) {
        ObjectNode object = json.createObjectNode();
        ObjectNode metadata = object.putObject("metadata")
                .put("name", ref.name())
                .put("namespace", ref.namespace())
                .put("uid", ref.uid())
                .put("creationTimestamp", START.toString());
        ObjectNode labelsNode = metadata.putObject("labels");
        labels.forEach(labelsNode::put);
        object.putObject("spec").put("entrypoint", "main").putObject("unknown").put("kept", 1);
        object.putObject("status").put("phase", phase).put("startedAt", START.toString());
        return new WorkflowEvent(WorkflowEvent.Type.COMPLETED, ref, Instant.now(), phase, null, object);
    }

    private void send(Message... messages) {
        for (Message message : messages) {
            produce(RECORDS.toRecord(message));
        }
    }

    @SafeVarargs
    private void produce(ProducerRecord<String, byte[]>... records) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/q/health/ready").statusCode() == 200);
        try (KafkaProducer<String, byte[]> producer =
                KafkaClients.producer(kafka.servers(), "test-" + UUID.randomUUID())) {
            for (ProducerRecord<String, byte[]> record : records) {
                producer.send(record).get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return request("GET", path, "");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return request("POST", path, body);
    }

    private HttpResponse<String> request(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode tree(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }
}
