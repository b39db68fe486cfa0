package io.tiphys.conformance.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tiphys.api.ApiJson;
import io.tiphys.conformance.suite.CaseException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** JSON over HTTP to one server. Reads are tried again while the server is away for a moment. */
final class Api {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int READ_ATTEMPTS = 5;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String url;

    Api(String url) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** What the server said. */
    record Answer(int code, JsonNode body) {
        boolean isOk() {
            return code >= 200 && code < 300;
        }

        String message() {
            String message = body.path("message").asText("");
            return code + (message.isEmpty() ? "" : " " + message);
        }
    }

    Answer get(String path) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                Answer answer = send("GET", path, null);
                if (answer.code() < 500 || attempt == READ_ATTEMPTS) {
                    return answer;
                }
            } catch (CaseException e) {
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
            }
            Pause.of(Duration.ofMillis(200L << attempt));
        }
    }

    Answer post(String path, JsonNode body) throws InterruptedException {
        return send("POST", path, body);
    }

    Answer put(String path, JsonNode body) throws InterruptedException {
        return send("PUT", path, body);
    }

    Answer delete(String path) throws InterruptedException {
        return send("DELETE", path, null);
    }

    private Answer send(String method, String path, @Nullable JsonNode body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (IOException e) {
            throw new CaseException(method + " " + url + path + " broke off: " + e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return text.isEmpty()
                    ? JsonNodeFactory.instance.objectNode()
                    : ApiJson.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode().put("message", text);
        }
    }
}
