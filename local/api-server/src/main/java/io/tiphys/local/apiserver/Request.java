package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP exchange: what was asked, decoded with limits, and the ways to answer. */
final class Request {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private final HttpExchange exchange;
    private final int maxBodyBytes;
    private final List<String> path;
    private final Map<String, String> query;
    private boolean answered;
    private boolean bodyRead;

    Request(HttpExchange exchange, int maxBodyBytes) {
        this.exchange = exchange;
        this.maxBodyBytes = maxBodyBytes;
        this.path = Arrays.stream(exchange.getRequestURI().getRawPath().split("/"))
                .filter(segment -> !segment.isEmpty())
                .map(segment -> decode(segment.replace("+", "%2B")))
                .toList();
        this.query = parseQuery(exchange.getRequestURI().getRawQuery());
    }

    private static Map<String, String> parseQuery(@Nullable String raw) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                parameters.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ApiException.badRequest("malformed URL encoding in \"" + text + "\"");
        }
    }

    String method() {
        return exchange.getRequestMethod();
    }

    List<String> path() {
        return path;
    }

    Map<String, String> query() {
        return query;
    }

    boolean flag(String name) {
        String value = query.get(name);
        return value != null && (value.isEmpty() || value.equals("true") || value.equals("1"));
    }

    boolean dryRun() {
        return query.containsKey("dryRun");
    }

    /** A whole number from the query; the default when it is absent or empty. */
    long number(String name, long ifAbsent) {
        String value = query.get(name);
        if (value == null || value.isEmpty()) {
            return ifAbsent;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw ApiException.badRequest(name + ": \"" + value + "\" is not a whole number");
        }
    }

    String header(String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** The client would rather have rows to print, as kubectl get does. */
    boolean wantsTable() {
        return header("Accept").contains("as=Table");
    }

    /** The client would rather have what each object's metadata says alone. */
    boolean wantsMetadataOnly() {
        return header("Accept").contains("as=PartialObjectMetadata");
    }

    /** The media type of the body without parameters, in lower case. */
    String contentType() {
        String type = header("Content-Type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    byte[] body() throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(maxBodyBytes + 1);
            if (body.length > maxBodyBytes) {
                throw new ApiException(
                        413, "RequestEntityTooLarge", "Request entity too large: limit is " + maxBodyBytes);
            }
            bodyRead = true;
            return body;
        }
    }

    /** What the client sent stays unread, so the connection can't be used again. */
    boolean leavesBodyUnread() {
        return !bodyRead && !method().equals("GET") && !method().equals("HEAD");
    }

    /** The body as one JSON or YAML object. */
    ObjectNode object() throws IOException {
        String type = contentType();
        if (type.equals(PROTOBUF)) {
            return Protobuf.parse(body());
        }
        JsonNode node = Json.parse(body(), type.endsWith("yaml"));
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the request body has to be an object");
    }

    /** The body when there is one. */
    @Nullable
    JsonNode optionalBody() throws IOException {
        byte[] body = body();
        if (body.length == 0) {
            return null;
        }
        return contentType().equals(PROTOBUF)
                ? Protobuf.parse(body)
                : Json.parse(body, contentType().endsWith("yaml"));
    }

    boolean isAnswered() {
        return answered;
    }

    void answer(int code, JsonNode body) throws IOException {
        answer(code, "application/json", Json.encode(body));
    }

    void answer(int code, String contentType, byte[] body) throws IOException {
        answered = true;
        exchange.getResponseHeaders().set("Content-Type", contentType);
        boolean head = method().equals("HEAD");
        exchange.sendResponseHeaders(code, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Starts an answer of unknown length, sent in chunks; each flush is one. */
    OutputStream stream(int code, String contentType) throws IOException {
        answered = true;
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(code, 0);
        return exchange.getResponseBody();
    }
}
