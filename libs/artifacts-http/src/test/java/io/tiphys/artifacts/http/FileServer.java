package io.tiphys.artifacts.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A web server that keeps what is PUT: {@code /files/…} for anybody who knows the password, {@code /token} gives tokens for OAuth, {@code
 * /plain/…} knows neither ranges nor HEAD nor lengths, {@code /moved/…} is elsewhere.
 */
final class FileServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(byte[] bytes, @Nullable String type) {}

    final List<String> seen = new CopyOnWriteArrayList<>();
    final AtomicInteger tokens = new AtomicInteger();
    volatile String authorization = "";
    private final Map<String, Kept> files = new ConcurrentHashMap<>();
    private final HttpServer http;

    FileServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/files/", exchange -> answered(exchange, () -> files(exchange, true)));
        http.createContext("/plain/", exchange -> answered(exchange, () -> plain(exchange)));
        http.createContext("/token", exchange -> answered(exchange, () -> token(exchange)));
        http.createContext("/moved/", exchange -> answered(exchange, () -> moved(exchange)));
        http.start();
    }

    private interface Answer {
        void send() throws IOException;
    }

    private void answered(HttpExchange exchange, Answer answer) throws IOException {
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization") + " "
                + exchange.getRequestHeaders().getFirst("X-Own"));
        try (exchange) {
            answer.send();
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    void keep(String path, String content) {
        files.put(path, new Kept(content.getBytes(StandardCharsets.UTF_8), null));
    }

    private void files(HttpExchange exchange, boolean ranges) throws IOException {
        var given = exchange.getRequestHeaders().getFirst("Authorization");
        if (!authorization.isEmpty() && !authorization.equals(given)) {
            send(exchange, 401, "who are you?");
            return;
        }
        var path = exchange.getRequestURI().getPath();
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                byte[] body;
                try {
                    body = exchange.getRequestBody().readAllBytes();
                } catch (IOException e) {
                    return; // not all of it came
                }
                files.put(path, new Kept(body, exchange.getRequestHeaders().getFirst("Content-Type")));
                send(exchange, 201, "");
            }
            case "DELETE" -> send(exchange, files.remove(path) == null ? 404 : 204, "");
            default -> read(exchange, files.get(path), ranges);
        }
    }

    private static void read(HttpExchange exchange, @Nullable Kept kept, boolean ranges) throws IOException {
        if (kept == null) {
            send(exchange, 404, "nothing here");
            return;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("ETag", '"' + Integer.toHexString(Arrays.hashCode(kept.bytes())) + '"');
        if (kept.type() != null) {
            headers.set("Content-Type", kept.type());
        }
        if (!ranges) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(kept.bytes());
            return;
        }
        headers.set("Accept-Ranges", "bytes");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(kept.bytes().length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        var range = exchange.getRequestHeaders().getFirst("Range");
        var asked = RANGE.matcher(range == null ? "" : range);
        byte[] part = kept.bytes();
        if (asked.matches()) {
            int to = asked.group(2).isEmpty() ? part.length : Integer.parseInt(asked.group(2)) + 1;
            part = Arrays.copyOfRange(part, Integer.parseInt(asked.group(1)), Math.min(to, part.length));
            headers.set("Content-Range", "bytes " + asked.group(1) + "-" + (to - 1) + "/" + kept.bytes().length);
        }
        exchange.sendResponseHeaders(asked.matches() ? 206 : 200, part.length == 0 ? -1 : part.length);
        exchange.getResponseBody().write(part);
    }

    private void plain(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(405, -1);
        } else {
            read(exchange, files.get(exchange.getRequestURI().getPath()), false);
        }
    }

    /** To another origin: the same server under its other name. */
    private void moved(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().substring("/moved".length());
        exchange.getResponseHeaders()
                .set("Location", "http://localhost:" + http.getAddress().getPort() + path);
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var client = "Basic " + Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));
        if (!client.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || !form.equals("grant_type=client_credentials&scope=a+b&audience=store")) {
            send(exchange, 401, "no: " + form);
            return;
        }
        int n = tokens.incrementAndGet();
        authorization = "Bearer token-" + n;
        send(exchange, 200, "{\"access_token\":\"token-" + n + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
        if (!none) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
