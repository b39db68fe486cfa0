package io.tiphys.submitter.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.config.ArchiveConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
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

/**
 * Asks the archive service. Blocking: call it from a virtual thread. Without a configured URL there is nothing in it. An archive
 * that doesn't answer is a refusal of kind "unavailable".
 */
@ApplicationScoped
public class ArchiveClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Optional<URI> base;
    private final Duration timeout;
    private final Access access;
    private final ObjectMapper json;
    private final HttpClient http;

    public ArchiveClient(Access access, ArchiveConfig config, ObjectMapper json) {
        this.access = access;
        this.base = config.url();
        this.timeout = config.timeout();
        this.json = json;
        this.http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    }

    public boolean isConfigured() {
        return base.isPresent();
    }

    /** The whole workflow with its nodes. */
    public Optional<ObjectNode> byUid(String uid) {
        Optional<ObjectNode> found = ask("GET", "/v1/workflows/" + segment(uid), null);
        found.ifPresent(workflow -> require("get", workflow));
        return found;
    }

    /** {@code {"nodes": {…}}}: the newest known state of the nodes of a workflow that may still run. */
    public Optional<ObjectNode> nodes(String uid) {
        return ask("GET", "/v1/workflows/" + segment(uid) + "/nodes", null);
    }

    /** The newest workflow of that name, with its nodes. */
    public Optional<ObjectNode> byName(String namespace, String name) {
        access.requireWorkflows("get", namespace, name);
        return ask("GET", "/v1/namespaces/" + segment(namespace) + "/workflows/" + segment(name), null);
    }

    /** The answer is {@code {items, total, more}}; items have no nodes. */
    public ObjectNode search(ArchiveQuery query) {
        access.requireWorkflows("list", query.namespaceExcluded() ? "" : query.namespace(), "");
        return ask("POST", "/v1/workflows/search", json.valueToTree(query)).orElseGet(this::nothing);
    }

    /** What isn't there is deleted. */
    public void delete(String uid) {
        ask("GET", "/v1/workflows/" + segment(uid), null).ifPresent(workflow -> require("delete", workflow));
        ask("DELETE", "/v1/workflows/" + segment(uid), null);
    }

    public ObjectNode labelKeys(String namespace) {
        access.requireWorkflows("list", namespace, "");
        return ask("GET", "/v1/labels?namespace=" + segment(namespace), null).orElseGet(this::nothing);
    }

    public ObjectNode labelValues(String namespace, String key) {
        access.requireWorkflows("list", namespace, "");
        String path = "/v1/labels/values?namespace=" + segment(namespace) + "&key=" + segment(key);
        return ask("GET", path, null).orElseGet(this::nothing);
    }

    private void require(String verb, ObjectNode workflow) {
        var metadata = workflow.path("metadata");
        access.requireWorkflows(
                verb, metadata.path("namespace").asText(), metadata.path("name").asText());
    }

    private ObjectNode nothing() {
        ObjectNode nothing = json.createObjectNode();
        nothing.putArray("items");
        return nothing;
    }

    private Optional<ObjectNode> ask(String method, String path, @org.jspecify.annotations.Nullable ObjectNode body) {
        if (base.isEmpty()) {
            return Optional.empty();
        }
        HttpRequest request = HttpRequest.newBuilder(base.get().resolve(path))
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                return switch (response.statusCode()) {
                    case 200 -> Optional.of(json.readValue(in, ObjectNode.class));
                    case 204, 404 -> Optional.empty();
                    case 400 -> throw ApiException.invalid(text(in));
                    default ->
                        throw new ApiException(
                                Code.UNAVAILABLE, "the archive answered " + response.statusCode() + ": " + text(in));
                };
            }
        } catch (IOException e) {
            throw new ApiException(Code.UNAVAILABLE, "the archive at " + base.get() + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Code.UNAVAILABLE, "interrupted while asking the archive", e);
        }
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(2000), StandardCharsets.UTF_8);
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
