package io.tiphys.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.api.ApiJson;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.PackedJson;
import io.tiphys.archive.blob.Blobs;
import io.tiphys.archive.live.LiveWorkflows;
import io.tiphys.archive.startup.Dependencies;
import io.tiphys.archive.store.ArchiveWriter;
import io.tiphys.archive.store.FinishedWorkflow;
import io.tiphys.archive.store.WholeWorkflow;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class BlobsTest {
    private static final OffsetDateTime LATER = OffsetDateTime.of(2100, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @Inject
    KubernetesClient kubernetes;

    @Inject
    Blobs blobs;

    @Inject
    LiveWorkflows live;

    @Inject
    ArchiveWriter writer;

    @Inject
    WholeWorkflow archived;

    @Inject
    Dependencies dependencies;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void awaitTables() throws InterruptedException {
        dependencies.awaitSchema();
    }

    @Test
    void keepsWhatHasItsHashForItsNamespaceOnly() throws Exception {
        PackedJson packed = PackedJson.of(Map.of("entrypoint", "kept"));

        assertThat(put("argo", packed.hash(), packed.bytes()).statusCode()).isEqualTo(204);
        assertThat(put("argo", packed.hash(), packed.bytes()).statusCode()).isEqualTo(204);

        assertThat(get("argo", packed.hash()).body()).isEqualTo(packed.bytes());
        assertThat(get("other", packed.hash()).statusCode()).isEqualTo(404);
        PackedJson different = PackedJson.of(Map.of("entrypoint", "different"));
        HttpResponse<byte[]> wrong = put("argo", packed.hash(), different.bytes());
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(new String(wrong.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains(different.hash());
    }

    @Test
    void isKeptWhileALiveOrAnArchivedWorkflowRefersToIt() throws Exception {
        PackedJson packed = PackedJson.of(Map.of("entrypoint", "shared"));
        PackedJson unused = PackedJson.of(Map.of("entrypoint", "unused"));
        put("argo", packed.hash(), packed.bytes());
        put("argo", unused.hash(), unused.bytes());
        live("refers", packed);
        writer.workflows(List.of(FinishedWorkflow.of("uid-refers", "argo", "refers", object("refers", packed))));

        blobs.sweep(OffsetDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), List.of());
        assertThat(get("argo", unused.hash()).statusCode())
                .as("touched just now")
                .isEqualTo(200);
        blobs.sweep(LATER, live.references());
        assertThat(get("argo", unused.hash()).statusCode()).isEqualTo(404);
        assertThat(get("argo", packed.hash()).statusCode())
                .as("live and archived")
                .isEqualTo(200);

        delete("refers");
        blobs.sweep(LATER, live.references());
        assertThat(get("argo", packed.hash()).statusCode()).as("archived").isEqualTo(200);

        archived.delete("uid-refers");
        live("refers", packed);
        blobs.sweep(LATER, live.references());
        assertThat(get("argo", packed.hash()).statusCode()).as("live").isEqualTo(200);

        delete("refers");
        blobs.sweep(LATER, live.references());
        assertThat(get("argo", packed.hash()).statusCode()).as("nobody").isEqualTo(404);
    }

    private static com.fasterxml.jackson.databind.JsonNode object(String name, PackedJson packed) {
        var object = ApiJson.mapper().createObjectNode();
        object.putObject("metadata")
                .put("name", name)
                .putObject("annotations")
                .put(LargeSpec.ANNOTATION, packed.reference());
        object.putObject("status").put("phase", "Succeeded");
        return object;
    }

    private void live(String name, PackedJson packed) {
        GenericKubernetesResource workflow = new GenericKubernetesResource();
        workflow.setApiVersion("argoproj.io/v1alpha1");
        workflow.setKind("Workflow");
        workflow.setMetadata(new ObjectMetaBuilder()
                .withNamespace("argo")
                .withName(name)
                .addToLabels(LargeSpec.LABEL, "true")
                .addToAnnotations(LargeSpec.ANNOTATION, packed.reference())
                .build());
        workflow.setAdditionalProperty("spec", Map.of("entrypoint", "main"));
        kubernetes.resource(workflow).inNamespace("argo").create();
    }

    private void delete(String name) {
        kubernetes
                .genericKubernetesResources("argoproj.io/v1alpha1", "Workflow")
                .inNamespace("argo")
                .withName(name)
                .delete();
        await().atMost(Duration.ofSeconds(10)).until(() -> live.references().isEmpty());
    }

    private HttpResponse<byte[]> put(String namespace, String hash, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(uri(namespace, hash))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private HttpResponse<byte[]> get(String namespace, String hash) throws Exception {
        return send(HttpRequest.newBuilder(uri(namespace, hash)).build());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private URI uri(String namespace, String hash) {
        return base.resolve("/v1/namespaces/" + namespace + "/blobs/" + hash);
    }
}
