package io.tiphys.controller.archive;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.PackedJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** {@link Archive} over the archive service's HTTP. Without a URL there is none to ask, which is a failure like any other. */
public final class HttpArchive implements Archive {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Optional<URI> base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    public HttpArchive(Optional<URI> base) {
        this.base = base;
    }

    @Override
    public Optional<JsonNode> json(String namespace, String hash) throws IOException, InterruptedException {
        String path = "/v1/namespaces/" + segment(namespace) + "/blobs/" + segment(hash);
        return get(path, in -> PackedJson.unpack(hash, in.readNBytes(PackedJson.MAX_PACKED_BYTES)));
    }

    @Override
    public Optional<JsonNode> nodes(String workflowUid) throws IOException, InterruptedException {
        return get(
                        "/v1/workflows/" + segment(workflowUid) + "/nodes",
                        in -> ApiJson.mapper().readTree(in).path("nodes"))
                .filter(nodes -> !nodes.isEmpty());
    }

    private interface Reading {
        JsonNode of(InputStream in) throws IOException;
    }

    private Optional<JsonNode> get(String path, Reading reading) throws IOException, InterruptedException {
        URI archive = base.orElseThrow(() -> new IOException(
                "it is kept in the archive, and there is none to ask: set tiphys.archive.url (TIPHYS_ARCHIVE_URL)"));
        HttpRequest request =
                HttpRequest.newBuilder(archive.resolve(path)).timeout(TIMEOUT).build();
        HttpResponse<InputStream> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException("the archive at " + archive + " does not answer: " + e, e);
        }
        try (InputStream in = response.body()) {
            return switch (response.statusCode()) {
                case 200 -> Optional.of(reading.of(in));
                case 204, 404 -> Optional.empty();
                default -> throw new IOException("the archive answered " + response.statusCode() + " to GET " + path);
            };
        }
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
