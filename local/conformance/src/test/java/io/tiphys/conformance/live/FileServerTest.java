package io.tiphys.conformance.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.conformance.suite.Surroundings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class FileServerTest {
    @Test
    void keepsFilesForThoseWhoMayHaveThem() throws Exception {
        String user = Surroundings.SECRET_VALUE;
        try (FileServer server = new FileServer();
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder file = HttpRequest.newBuilder(URI.create(server.url() + "/a/b"));
            assertThat(http.send(file.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
            file.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8)));
            assertThat(http.send(file.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
            http.send(
                    file.copy()
                            .PUT(HttpRequest.BodyPublishers.ofString("content"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(http.send(file.build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("content");
        }
    }
}
