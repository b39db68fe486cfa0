package io.tiphys.submitter.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.submitter.config.ArtifactGcConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks artifact-gc, which alone deletes. Who may ask is decided before. */
@ApplicationScoped
public class ArtifactGcClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST_MESSAGE = 2000;

    private final Optional<URI> url;
    private final ObjectMapper json;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public ArtifactGcClient(ArtifactGcConfig config, ObjectMapper json) {
        this.url = config.url();
        this.json = json;
    }

    /** Deletions of the namespace that were given up: {@code {items, more}}. */
    public JsonNode dead(String namespace, int limit, int offset) {
        return answer(request(namespace, "dead-deletions?limit=" + limit + "&continue=" + offset)
                .GET());
    }

    /** Has these tried again, or all: {@code {queued}}. */
    public JsonNode retry(String namespace, JsonNode wanted) {
        return answer(request(namespace, "dead-deletions/retry").POST(BodyPublishers.ofString(wanted.toString())));
    }

    /** Lines of JSON as they come; the caller closes it. */
    public InputStream orphans(String namespace, JsonNode wanted) {
        return send(request(namespace, "orphans").POST(BodyPublishers.ofString(wanted.toString())));
    }

    private HttpRequest.Builder request(String namespace, String path) {
        URI base = url.orElseThrow(() -> new ApiException(
                Code.FAILED_PRECONDITION, "the submitter doesn't know artifact-gc: set TIPHYS_ARTIFACT_GC_URL"));
        String segment = URLEncoder.encode(namespace, StandardCharsets.UTF_8).replace("+", "%20");
        return HttpRequest.newBuilder(base.resolve("/v1/namespaces/" + segment + "/" + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json");
    }

    private JsonNode answer(HttpRequest.Builder request) {
        try (InputStream body = send(request)) {
            return json.readTree(body);
        } catch (IOException e) {
            throw away(e);
        }
    }

    private InputStream send(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) {
                return response.body();
            }
            try (InputStream body = response.body()) {
                throw new ApiException(
                        Code.UNAVAILABLE,
                        "artifact-gc answered " + response.statusCode() + ": "
                                + new String(body.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw away(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Code.UNAVAILABLE, "interrupted while artifact-gc was asked", e);
        }
    }

    private static ApiException away(IOException e) {
        return new ApiException(Code.UNAVAILABLE, "artifact-gc does not answer: " + e, e);
    }
}
