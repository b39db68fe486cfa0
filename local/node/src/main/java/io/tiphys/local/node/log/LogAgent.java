package io.tiphys.local.node.log;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint behind {@code kubectl logs}: {@code GET /containerLogs/{namespace}/{pod}/{container}} with the kubelet's parameters. Logs
 * are there from a container's start until the pod's deletion.
 */
public final class LogAgent implements AutoCloseable {
    private static final String PREFIX = "/containerLogs/";

    /** Where a pod's logs lie. */
    @FunctionalInterface
    public interface Folders {
        /** The folder with one {@code <attempt>.log} per start, or null for a pod that this node doesn't know. */
        @Nullable
        Path logs(String namespace, String pod, String container);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Folders folders;
    private final Set<Path> openLogs;

    private LogAgent(HttpServer server, Folders folders, Set<Path> openLogs) {
        this.server = server;
        this.folders = folders;
        this.openLogs = openLogs;
    }

    /**
     * Listens.
     *
     * @param openLogs the files that are still written to; read by many threads
     */
    public static LogAgent start(String host, int port, Folders folders, Set<Path> openLogs) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 256);
        LogAgent agent = new LogAgent(server, folders, openLogs);
        server.setExecutor(agent.threads);
        server.createContext(PREFIX, agent::serve);
        server.createContext("/healthz", exchange -> answer(exchange, 200, "ok"));
        server.start();
        return agent;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] names = exchange.getRequestURI()
                    .getPath()
                    .substring(PREFIX.length())
                    .split("/", -1);
            LogQuery query = LogQuery.parse(exchange.getRequestURI().getRawQuery(), Instant.now());
            Path folder = names.length == 3 ? folders.logs(names[0], names[1], names[2]) : null;
            int attempt = folder == null ? -1 : latest(folder) - (query.previous() ? 1 : 0);
            if (folder == null || attempt < 0) {
                String which = query.previous() ? "previous terminated container" : "container";
                answer(exchange, 404, which + " \"" + String.join("/", names) + "\" has no log on this node");
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            Path log = folder.resolve(attempt + ".log");
            try (OutputStream out = exchange.getResponseBody()) {
                new LogStream(log, query, () -> openLogs.contains(log), out).send();
            }
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int latest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return -1;
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .mapToInt(name -> Integer.parseInt(name.substring(0, name.length() - 4)))
                    .max()
                    .orElse(-1);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
