package io.tiphys.controller.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodeStatus;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Archive} over the archive service's HTTP. Without a URL there is none to ask, which is a failure like any other. */
public final class HttpArchive implements Archive {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final TypeReference<Map<String, NodeStatus>> NODES = new TypeReference<>() {};

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
        return blob(namespace, hash, packed -> PackedJson.unpack(hash, packed));
    }

    @Override
    public Optional<Map<String, NodeStatus>> nodes(String namespace, String hash)
            throws IOException, InterruptedException {
        return blob(namespace, hash, packed -> {
            try (InputStream json = PackedJson.open(hash, packed)) {
                return ApiJson.mapper().readValue(json, NODES);
            } catch (JsonProcessingException e) {
                throw noNodes("what is stored as sha256:" + hash, e);
            }
        });
    }

    private <T> Optional<T> blob(String namespace, String hash, Reading<byte[], T> reading)
            throws IOException, InterruptedException {
        String path = "/v1/namespaces/" + segment(namespace) + "/blobs/" + segment(hash);
        return get(path, in -> reading.of(in.readNBytes(PackedJson.MAX_PACKED_BYTES)));
    }

    @Override
    public Optional<Map<String, NodeStatus>> nodes(String workflowUid) throws IOException, InterruptedException {
        return get("/v1/workflows/" + segment(workflowUid) + "/nodes", HttpArchive::known)
                .filter(nodes -> !nodes.isEmpty());
    }

    /** What the archive answers. */
    private record Known(@Nullable Map<String, NodeStatus> nodes) {}

    private static Map<String, NodeStatus> known(InputStream in) throws IOException {
        try {
            Map<String, NodeStatus> nodes =
                    ApiJson.mapper().readValue(in, Known.class).nodes();
            return nodes == null ? Map.of() : nodes;
        } catch (MismatchedInputException e) { // anything else may be an answer that broke off
            throw noNodes("what the archive has", e);
        }
    }

    private static IllegalArgumentException noNodes(String what, JsonProcessingException e) {
        return new IllegalArgumentException(what + " are no nodes: " + e.getOriginalMessage(), e);
    }

    private interface Reading<S, T> {
        T of(S source) throws IOException;
    }

    private <T> Optional<T> get(String path, Reading<InputStream, T> reading) throws IOException, InterruptedException {
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
