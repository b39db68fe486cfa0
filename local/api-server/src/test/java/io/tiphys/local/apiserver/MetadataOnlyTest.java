package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects as metadata, as Kubernetes gives them to who asks for {@code PartialObjectMetadata}. */
class MetadataOnlyTest {
    private static final String OBJECT =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
    private static final String LIST =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP = MAPS + "/one";

    private final HttpClient http = HttpClient.newHttpClient();
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(ApiServerConfig.inMemory());
        send("POST", MAPS, "application/json", """
                {"data": {"key": "value"}, "metadata": {"name": "one", "labels": {"a": "b"}}}""", OBJECT);
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private JsonNode send(String method, String path, String type, String body, String accepted) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Accept", accepted)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return read(http.send(request, BodyHandlers.ofByteArray()).body());
    }

    private static JsonNode read(byte[] json) throws IOException {
        return new ObjectMapper().readTree(json);
    }

    private static void isMetadataAlone(JsonNode object) {
        assertThat(object.path("kind").asText()).isEqualTo("PartialObjectMetadata");
        assertThat(object.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
        assertThat(object.path("metadata").path("name").asText()).isEqualTo("one");
        assertThat(object.path("metadata").path("labels").path("a").asText()).isEqualTo("b");
        assertThat(object.has("data")).isFalse();
    }

    @Test
    void anObjectIsItsMetadata() throws Exception {
        isMetadataAlone(send("GET", MAP, "application/json", "", OBJECT));
        assertThat(send("GET", MAP, "application/json", "", "application/json").has("data"))
                .isTrue();
    }

    @Test
    void theItemsOfAListAreTheirMetadata() throws Exception {
        JsonNode list = send("GET", MAPS + "?labelSelector=a%3Db", "application/json", "", LIST);

        assertThat(list.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
        assertThat(list.path("metadata").path("resourceVersion").asText()).isNotEmpty();
        assertThat(list.path("items")).singleElement().satisfies(MetadataOnlyTest::isMetadataAlone);
    }

    @Test
    void aPatchIsAnsweredByTheNewMetadata() throws Exception {
        String before = version(send("GET", MAP, "application/json", "", OBJECT));

        JsonNode patched = send("PATCH", MAP, "application/merge-patch+json", "{\"data\": {\"key\": \"new\"}}", OBJECT);

        isMetadataAlone(patched);
        assertThat(version(patched)).isNotEqualTo(before);
        assertThat(send("GET", MAP, "application/json", "", "application/json")
                        .path("data")
                        .path("key")
                        .asText())
                .isEqualTo("new");
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    @Test
    void aWatchTellsOfTheMetadata() throws Exception {
        JsonNode event =
                send("GET", MAPS + "?watch=1&timeoutSeconds=1&labelSelector=a%3Db", "application/json", "", OBJECT);

        assertThat(event.path("type").asText()).isEqualTo("ADDED");
        isMetadataAlone(event.path("object"));
    }
}
