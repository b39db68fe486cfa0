package io.tiphys.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Argo's REST API as this command uses it. */
final class ArgoServer {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);
    private static final String RETRY_AFTER = "Retry-After";
    private static final int ATTEMPTS = 5;
    /** Those who were sent away at the same time don't come again at the same time. */
    private static final int SPREAD_MILLIS = 500;

    private final Target target;
    private final HttpClient http;

    ArgoServer(Target target) {
        this.target = target;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    Target target() {
        return target;
    }

    /** A path under {@code /api/v1} whose parts are encoded. */
    static String path(String... parts) {
        StringJoiner path = new StringJoiner("/", "/api/v1/", "");
        for (String part : parts) {
            path.add(encode(part));
        }
        return path.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@");
    }

    JsonNode get(String path, Map<String, String> query) {
        return exchange("GET", path, query, null);
    }

    /** A GET that may take longer than others. */
    JsonNode get(String path, Duration timeout) {
        HttpRequest request =
                request("GET", path, Map.of(), null).timeout(timeout).build();
        return json(path, send(request));
    }

    JsonNode post(String path, JsonNode body) {
        return exchange("POST", path, Map.of(), body);
    }

    JsonNode put(String path, JsonNode body) {
        return exchange("PUT", path, Map.of(), body);
    }

    void delete(String path, Map<String, String> query) {
        exchange("DELETE", path, query, null);
    }

    /**
     * A file's bytes, or what is left of them.
     *
     * @param from where to go on, if the file still has the ETag
     * @param etag of what is there already; null for the whole file
     */
    Download download(String path, long from, @Nullable String etag) {
        HttpRequest.Builder request = request("GET", path, Map.of(), null);
        if (etag != null && from > 0) {
            request.header("Range", "bytes=" + from + "-").header("If-Range", etag);
        }
        HttpResponse<InputStream> response = send(request.build());
        int status = response.statusCode();
        if (status != 200 && status != 206) {
            throw refusal(status, read(response));
        }
        HttpHeaders headers = response.headers();
        long length = headers.firstValueAsLong("Content-Length").orElse(-1);
        long begin = status == 206 ? from : 0;
        return new Download(
                response.body(),
                begin,
                length < 0 ? -1 : begin + length,
                headers.firstValue("ETag").orElse(null));
    }

    /**
     * A file on its way; closing it gives it up.
     *
     * @param from the position in the file that the content begins at
     * @param sizeBytes of the whole file; -1 if nobody knows, as for a directory that is packed on the way
     * @param etag absent if the download can't be resumed
     */
    record Download(
            InputStream content,
            long from,
            long sizeBytes,
            @Nullable String etag) implements Closeable {
        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /** Sends a file as a form's field {@code file}, straight from the disk; returns the answer. */
    JsonNode upload(String path, Path file) {
        String boundary = "tiphys-" + UUID.randomUUID();
        String name = String.valueOf(file.getFileName()).replaceAll("[\"\\\\\\p{Cntrl}]", "_");
        String opening = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        try {
            HttpRequest.Builder request = request("POST", path, Map.of(), null)
                    .POST(BodyPublishers.concat(
                            BodyPublishers.ofString(opening),
                            BodyPublishers.ofFile(file),
                            BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
                    .header("Content-Type", "multipart/form-data; boundary=" + boundary);
            return json(path, send(request.build()));
        } catch (FileNotFoundException e) {
            throw CommandFailure.invalid("can't read " + file + ": " + e.getMessage());
        }
    }

    private JsonNode exchange(String method, String path, Map<String, String> query, @Nullable JsonNode body) {
        HttpRequest request =
                request(method, path, query, body).timeout(ANSWER_TIMEOUT).build();
        HttpResponse<InputStream> response = send(request);
        for (int attempt = 1; attempt < ATTEMPTS && mayComeAgain(response); attempt++) {
            read(response);
            pause(response);
            response = send(request);
        }
        return json(path, response);
    }

    private JsonNode json(String path, HttpResponse<InputStream> response) {
        String text = read(response);
        if (response.statusCode() != 200) {
            throw refusal(response.statusCode(), text);
        }
        try {
            return Json.parse(text.isEmpty() ? "{}" : text);
        } catch (JsonProcessingException e) {
            throw CommandFailure.notReachable(
                    target.server() + path + " did not answer with JSON; is it the API of a workflow server?");
        }
    }

    /** The server has done nothing, and says when it may: {@code Retry-After} in seconds. */
    private static boolean mayComeAgain(HttpResponse<?> response) {
        return response.statusCode() == 429
                && response.headers()
                        .firstValue(RETRY_AFTER)
                        .filter(seconds -> seconds.matches("\\d{1,2}"))
                        .isPresent();
    }

    private static void pause(HttpResponse<?> response) {
        long seconds = response.headers().firstValueAsLong(RETRY_AFTER).orElse(1);
        try {
            TimeUnit.MILLISECONDS.sleep(
                    seconds * 1000 + ThreadLocalRandom.current().nextInt(SPREAD_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.notReachable("interrupted");
        }
    }

    /**
     * Reads lines of JSON as they come, however long that takes.
     *
     * @param receiver takes all but the last
     * @return the last one, which has {@code total} or {@code error}
     */
    JsonNode lines(String method, String path, Map<String, String> query, Consumer<JsonNode> receiver) {
        HttpResponse<InputStream> response =
                send(request(method, path, query, null).build());
        if (response.statusCode() != 200) {
            throw refusal(response.statusCode(), read(response));
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = Json.parse(line);
                if (json.has("total") || (json.has("error") && !json.has("key"))) {
                    return json;
                }
                receiver.accept(json);
            }
        } catch (IOException e) {
            throw CommandFailure.notReachable("the answer broke off: " + e.getMessage());
        }
        throw CommandFailure.notReachable("the answer broke off before its last line");
    }

    /** Takes the messages of a stream as they come. */
    interface Messages {
        /** Returns whether to go on. */
        boolean accept(JsonNode result);
    }

    /** How a stream ended. */
    enum StreamEnd {
        /** The receiver wanted no more. */
        STOPPED,
        /** The server had no more, or the connection broke. */
        ENDED
    }

    /** Reads server-sent events until either side has had enough. */
    StreamEnd stream(String path, Map<String, String> query, Messages messages) {
        HttpRequest request = request("GET", path, query, null)
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> response = send(request);
        if (response.statusCode() != 200) {
            throw refusal(response.statusCode(), read(response));
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("data:")) {
                    continue;
                }
                JsonNode message = Json.parse(line.substring("data:".length()));
                if (message.has("error")) {
                    return streamError(message.path("error"));
                }
                if (!messages.accept(message.path("result"))) {
                    return StreamEnd.STOPPED;
                }
            }
            return StreamEnd.ENDED;
        } catch (IOException e) {
            return StreamEnd.ENDED;
        }
    }

    /** Watches end with an error when the server's own watch ends; that's no failure. */
    private static StreamEnd streamError(JsonNode error) {
        int code = error.path("grpc_code").asInt(error.path("code").asInt());
        boolean again = code == 8 || code == 14 || code == 0;
        if (again) {
            return StreamEnd.ENDED;
        }
        throw CommandFailure.invalid(error.path("message").asText(error.toString()));
    }

    private HttpRequest.Builder request(
            String method, String path, Map<String, String> query, @Nullable JsonNode body) {
        StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");
        query.forEach((name, value) -> parameters.add(encode(name) + "=" + encode(value)));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target.server() + path + parameters))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.text(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (!target.authorization().isEmpty()) {
            request.header("Authorization", target.authorization());
        }
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.notReachable("interrupted");
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw CommandFailure.notReachable(target.server() + " is not reachable; " + target.hint());
        } catch (IOException e) {
            throw CommandFailure.notReachable(target.server() + " broke off: "
                    + (e.getMessage() == null ? e : e.getMessage()) + "; " + target.hint());
        }
    }

    private static String read(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw CommandFailure.notReachable("the answer broke off: " + e.getMessage());
        }
    }

    private CommandFailure refusal(int status, String body) {
        String message = message(body);
        return switch (status) {
            case 401 ->
                CommandFailure.invalid("not logged in to " + target.server() + ": " + message
                        + "; pass a token with --token or ARGO_TOKEN");
            case 429, 502, 503, 504 -> CommandFailure.notReachable(target.server() + " is not ready: " + message);
            default ->
                status >= 500
                        ? CommandFailure.notReachable(target.server() + " failed: " + message)
                        : CommandFailure.invalid(message);
        };
    }

    private static String message(String body) {
        try {
            JsonNode error = Json.parse(body);
            String message = error.path("message").asText(error.path("error").asText(""));
            return message.isEmpty() ? body.strip() : message;
        } catch (JsonProcessingException e) {
            return body.isBlank()
                    ? "no details given"
                    : body.strip().lines().findFirst().orElse("");
        }
    }
}
