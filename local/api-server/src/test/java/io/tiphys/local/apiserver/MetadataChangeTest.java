package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of a custom object's metadata alone: labels, finalizers, deletion. */
class MetadataChangeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";
    private static final String WIDGET = WIDGETS + "/one";
    private static final String MERGE = "application/merge-patch+json";

    /** As a client may send it: the metadata in between, texts that look like it, what not every reader keeps. */
    private static final String REST = """
            "spec":{"metadata":{"name":"not this one"},"text":"ü\\"}, \\"metadata\\":{","number":1.000000000000000000001},""";

    private final HttpClient http = HttpClient.newHttpClient();
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(ApiServerConfig.inMemory());
        send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/json", """
                {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                 "metadata": {"name": "widgets.example.com"},
                 "spec": {"group": "example.com", "scope": "Namespaced", "names": {"plural": "widgets", "kind": "Widget"},
                          "versions": [{"name": "v1", "served": true, "storage": true}]}}""");
        assertThat(send("POST", WIDGETS, "application/json", """
                                {%s "metadata": {"name": "one", "labels": {"a": "b"}, "finalizers": ["x/y"]}, "status": {"n": [1, {}]}}""".formatted(REST))
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> patch(String patch) throws Exception {
        return send("PATCH", WIDGET, MERGE, patch);
    }

    private String text() throws Exception {
        return send("GET", WIDGET, "application/json", "").body();
    }

    private JsonNode object() throws Exception {
        return JSON.readTree(text());
    }

    private static JsonNode withoutMetadata(JsonNode object) {
        return ((ObjectNode) object.deepCopy()).without("metadata");
    }

    @Test
    void leaveTheRestAsItIsToTheByte() throws Exception {
        JsonNode before = object();

        HttpResponse<String> patched = patch("{\"metadata\": {\"labels\": {\"a\": null, \"c\": \"ä}\"}}}");

        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(patched.body()).isEqualTo(text()).contains(REST.strip());
        JsonNode after = object();
        assertThat(withoutMetadata(after)).isEqualTo(withoutMetadata(before));
        assertThat(after.at("/metadata/labels")).isEqualTo(JSON.readTree("{\"c\": \"ä}\"}"));
        assertThat(after.at("/metadata/uid")).isEqualTo(before.at("/metadata/uid"));
        assertThat(after.at("/metadata/generation")).isEqualTo(before.at("/metadata/generation"));
        assertThat(after.at("/metadata/resourceVersion").asLong())
                .isGreaterThan(before.at("/metadata/resourceVersion").asLong());
    }

    @Test
    void areSeenByListsWithSelectorsAndByWatches() throws Exception {
        patch("{\"metadata\": {\"labels\": {\"c\": \"d\"}}}");

        String found = send("GET", WIDGETS + "?labelSelector=c%3Dd", "application/json", "")
                .body();
        assertThat(JSON.readTree(found).path("items")).singleElement().isEqualTo(object());
        String told = send("GET", WIDGETS + "?watch=1&timeoutSeconds=1&labelSelector=c%3Dd", "application/json", "")
                .body();
        assertThat(JSON.readTree(told).path("object")).isEqualTo(object());
    }

    @Test
    void withoutADifferenceAreNone() throws Exception {
        String before = text();

        patch("{\"metadata\": {\"labels\": {\"a\": \"b\"}}}");

        assertThat(text()).isEqualTo(before);
    }

    @Test
    void areRefusedOnAnOldVersionAndForAnotherObject() throws Exception {
        assertThat(patch("{\"metadata\": {\"resourceVersion\": \"1\", \"labels\": {\"c\": \"d\"}}}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(patch("{\"metadata\": {\"uid\": \"other\", \"labels\": {\"c\": \"d\"}}}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(object().at("/metadata/labels").has("c")).isFalse();
    }

    @Test
    void deletionWaitsForFinalizersAndThenTheObjectGoes() throws Exception {
        JsonNode before = object();

        send("DELETE", WIDGET, "application/json", "");
        assertThat(object().at("/metadata/deletionTimestamp").asText()).isNotEmpty();
        assertThat(withoutMetadata(object())).isEqualTo(withoutMetadata(before));

        HttpResponse<String> last = patch("{\"metadata\": {\"finalizers\": []}}");
        assertThat(withoutMetadata(JSON.readTree(last.body()))).isEqualTo(withoutMetadata(before));
        assertThat(send("GET", WIDGET, "application/json", "").statusCode()).isEqualTo(404);
    }

    @Test
    void togetherWithAnythingElseChangeBoth() throws Exception {
        patch("{\"metadata\": {\"labels\": {\"c\": \"d\"}}, \"spec\": {\"text\": \"new\"}}");

        assertThat(object().at("/metadata/labels/c").asText()).isEqualTo("d");
        assertThat(object().at("/spec/text").asText()).isEqualTo("new");
        assertThat(object().at("/metadata/generation").asInt()).isEqualTo(2);
    }
}
