package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** A client of the API under test. */
public record Api(URI base, HttpClient http, ObjectMapper json) {
    public Api(URI base) {
        this(base, HttpClient.newHttpClient(), new ObjectMapper());
    }

    /** A workflow that a validator likes. */
    public static String workflow(String metadata) {
        return """
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":%s,"spec":{"entrypoint":"main",
                "templates":[{"name":"main","container":{"image":"alpine","command":["true"]}}]}}""".formatted(metadata);
    }

    /** Answer that must be 200. */
    public JsonNode ok(String method, String path, String body) {
        HttpResponse<String> response = send(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return tree(response);
    }

    public JsonNode get(String path) {
        return ok("GET", path, "");
    }

    public JsonNode create(String namespace, String metadata) {
        return ok("POST", "/api/v1/workflows/" + namespace, "{\"workflow\":" + workflow(metadata) + "}");
    }

    public JsonNode tree(HttpResponse<String> response) {
        try {
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + response.body(), e);
        }
    }

    public HttpResponse<String> send(String method, String path, String body) {
        return send(method, path, body, Map.of());
    }

    public HttpResponse<String> send(String method, String path, String body, Map<String, String> headers) {
        return send(method, path, body, headers, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<byte[]> bytes(String path, Map<String, String> headers) {
        return send("GET", path, "", headers, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Close the body. */
    public HttpResponse<InputStream> stream(String path, Map<String, String> headers) {
        return send("GET", path, "", headers, HttpResponse.BodyHandlers.ofInputStream());
    }

    private <T> HttpResponse<T> send(
            String method, String path, String body, Map<String, String> headers, HttpResponse.BodyHandler<T> handler) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
