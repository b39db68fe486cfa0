package io.tiphys.local.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Clients cut a watch into pieces wherever a buffer ends: no character may be longer than a byte. */
class WatchTextTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String TEXT = "naïve – \\u2713 ✓ 🎉";

    @Test
    void aWatchIsInAsciiAndSaysTheSame() throws Exception {
        try (ApiServer server = ApiServer.start(ApiServerConfig.inMemory());
                HttpClient http = HttpClient.newHttpClient()) {
            var object = new ObjectMapper().createObjectNode();
            object.putObject("metadata").put("name", "one").putObject("labels").put("a", "b");
            object.putObject("data").put("key", TEXT);
            http.send(
                    HttpRequest.newBuilder(URI.create(server.url() + MAPS))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(object.toString()))
                            .build(),
                    BodyHandlers.discarding());

            byte[] event = http.send(
                            HttpRequest.newBuilder(URI.create(
                                            server.url() + MAPS + "?watch=1&timeoutSeconds=1&labelSelector=a%3Db"))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();

            assertThat(new String(event, UTF_8)).isASCII().contains("\"ADDED\"");
            assertThat(new ObjectMapper()
                            .readTree(event)
                            .path("object")
                            .path("data")
                            .path("key")
                            .asText())
                    .isEqualTo(TEXT);
        }
    }
}
