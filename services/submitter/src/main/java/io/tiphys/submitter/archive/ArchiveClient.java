package io.tiphys.submitter.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.PackedJson;
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
    private static final String NO_ARCHIVE =
            "it would have to be kept in the archive, and there is none: set tiphys.archive.url (TIPHYS_ARCHIVE_URL)";
    private static final String WITHOUT_NODES = "?nodes=false";
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
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    public boolean isConfigured() {
        return base.isPresent();
    }

    /** Without its nodes: {@code status.offloadNodeStatusVersion} says that they are to be had from {@link #openNodes}. */
    public Optional<ObjectNode> byUid(String uid) {
        Optional<ObjectNode> found = ask("GET", "/v1/workflows/" + segment(uid) + WITHOUT_NODES, null);
        found.ifPresent(workflow -> require("get", workflow));
        return found;
    }

    /** {@code {"nodes": {…}}}: the newest known state of the nodes of a workflow that may still run. */
    public Optional<ObjectNode> nodes(String uid) {
        return ask("GET", "/v1/workflows/" + segment(uid) + "/nodes", null);
    }

    /** As {@link #nodes}, as the archive writes it; the caller closes it. */
    public Optional<InputStream> openNodes(String uid) {
        if (base.isEmpty()) {
            return Optional.empty();
        }
        URI archive = base.get();
        HttpRequest request = HttpRequest.newBuilder(archive.resolve("/v1/workflows/" + segment(uid) + "/nodes"))
                .timeout(timeout)
                .build();
        HttpResponse<InputStream> response = exchange(archive, request);
        if (response.statusCode() == 200) {
            return Optional.of(response.body());
        }
        try (InputStream _ = response.body()) {
            if (response.statusCode() == 404) {
                return Optional.empty();
            }
            throw refused(response);
        } catch (IOException e) {
            throw new ApiException(Code.UNAVAILABLE, "the archive at " + archive + " does not answer: " + e, e);
        }
    }

    /** The newest workflow of that name, without its nodes as {@link #byUid}. */
    public Optional<ObjectNode> byName(String namespace, String name) {
        access.requireWorkflows("get", namespace, name);
        return ask("GET", "/v1/namespaces/" + segment(namespace) + "/workflows/" + segment(name) + WITHOUT_NODES, null);
    }

    /** The answer is {@code {items, total, more}}; items have no nodes. */
    public ObjectNode search(ArchiveQuery query) {
        access.requireWorkflows("list", query.namespaceExcluded() ? "" : query.namespace(), "");
        return ask("POST", "/v1/workflows/search", json.valueToTree(query)).orElseGet(this::nothing);
    }

    /** What isn't there is deleted. */
    public void delete(String uid) {
        ask("GET", "/v1/workflows/" + segment(uid) + WITHOUT_NODES, null)
                .ifPresent(workflow -> require("delete", workflow));
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

    /** Keeps gzipped JSON under its hash, for objects of this namespace to refer to. */
    public void putBlob(String namespace, PackedJson packed) {
        if (base.isEmpty()) {
            throw new ApiException(Code.FAILED_PRECONDITION, NO_ARCHIVE);
        }
        HttpRequest request = blob(base.get(), namespace, packed.hash())
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(packed.bytes()))
                .build();
        send(base.get(), request, response -> {
            if (response.statusCode() == 400) {
                throw ApiException.invalid(text(response.body()));
            }
            if (response.statusCode() != 204) {
                throw refused(response);
            }
            return true;
        });
    }

    /** The gzipped JSON with this hash, unverified; empty if there is none. */
    public Optional<byte[]> blob(String namespace, String hash) {
        if (base.isEmpty()) {
            return Optional.empty();
        }
        return send(
                base.get(),
                blob(base.get(), namespace, hash).GET().build(),
                response -> switch (response.statusCode()) {
                    case 200 -> Optional.of(response.body().readNBytes(PackedJson.MAX_PACKED_BYTES));
                    case 204, 404 -> Optional.empty();
                    default -> throw refused(response);
                });
    }

    private HttpRequest.Builder blob(URI archive, String namespace, String hash) {
        return HttpRequest.newBuilder(
                        archive.resolve("/v1/namespaces/" + segment(namespace) + "/blobs/" + segment(hash)))
                .timeout(timeout);
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
        return send(base.get(), request, response -> switch (response.statusCode()) {
            case 200 -> Optional.of(json.readValue(response.body(), ObjectNode.class));
            case 204, 404 -> Optional.empty();
            case 400 -> throw ApiException.invalid(text(response.body()));
            default -> throw refused(response);
        });
    }

    private interface Reading<T> {
        T of(HttpResponse<InputStream> response) throws IOException;
    }

    private <T> T send(URI archive, HttpRequest request, Reading<T> reading) {
        HttpResponse<InputStream> response = exchange(archive, request);
        try (InputStream _ = response.body()) {
            return reading.of(response);
        } catch (IOException e) {
            throw new ApiException(Code.UNAVAILABLE, "the archive at " + archive + " does not answer: " + e, e);
        }
    }

    private HttpResponse<InputStream> exchange(URI archive, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new ApiException(Code.UNAVAILABLE, "the archive at " + archive + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Code.UNAVAILABLE, "interrupted while asking the archive", e);
        }
    }

    private static ApiException refused(HttpResponse<InputStream> response) throws IOException {
        return new ApiException(
                Code.UNAVAILABLE, "the archive answered " + response.statusCode() + ": " + text(response.body()));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(2000), StandardCharsets.UTF_8);
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
