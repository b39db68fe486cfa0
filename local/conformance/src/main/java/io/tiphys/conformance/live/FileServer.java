package io.tiphys.conformance.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tiphys.conformance.suite.CaseException;
import io.tiphys.conformance.suite.Surroundings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Where the artifacts of cases lie that name an Artifactory of their own: files that are put and got over HTTP with the user and the password
 * that {@link Surroundings} puts into Secrets. Keeps them in memory, as cases' files are small.
 */
public final class FileServer implements AutoCloseable {
    private static final String CREDENTIALS = "Basic "
            + Base64.getEncoder()
                    .encodeToString((Surroundings.SECRET_VALUE + ":" + Surroundings.SECRET_VALUE)
                            .getBytes(StandardCharsets.UTF_8));

    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    /** Listens on a free port of this machine. */
    public FileServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new CaseException("no file server can be started: " + e.getMessage());
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** The URL below which its files are. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!CREDENTIALS.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"conformance\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    files.put(path, exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(201, -1);
                }
                case "DELETE" -> exchange.sendResponseHeaders(files.remove(path) == null ? 404 : 204, -1);
                case "GET", "HEAD" -> send(exchange, files.get(path));
                default -> exchange.sendResponseHeaders(405, -1);
            }
        }
    }

    private static void send(HttpExchange exchange, byte @Nullable [] content) throws IOException {
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
