package io.tiphys.artifacts.hdfs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/** A name node and its one data node, as WebHDFS shows them (Hadoop's documentation), on a folder. */
final class NameNode implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final HttpServer http;
    volatile boolean standby;
    volatile String user = "";

    NameNode(Path root) throws IOException {
        this.root = root;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/webhdfs/v1", exchange -> answer(exchange, false));
        http.createContext("/data", exchange -> answer(exchange, true));
        http.start();
    }

    String address() {
        return "127.0.0.1:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange, boolean dataNode) throws IOException {
        try (exchange) {
            var query = query(exchange.getRequestURI());
            user = query.getOrDefault("user.name", "");
            var prefix = dataNode ? "/data" : "/webhdfs/v1";
            var path = exchange.getRequestURI().getPath().substring(prefix.length());
            if (standby) {
                refuse(exchange, 403, "StandbyException", "Operation category READ is not supported in state standby");
                return;
            }
            try {
                serve(exchange, dataNode, path, query);
            } catch (NoSuchFileException e) {
                refuse(exchange, 404, "FileNotFoundException", "File does not exist: " + path);
            } catch (FileAlreadyExistsException e) {
                refuse(exchange, 403, "FileAlreadyExistsException", path + " already exists");
            }
        }
    }

    private Path file(String path) {
        return root.resolve(path.replaceFirst("^/+", ""));
    }

    private void serve(HttpExchange exchange, boolean dataNode, String path, Map<String, String> query)
            throws IOException {
        var op = exchange.getRequestMethod() + " " + query.get("op");
        var file = file(path);
        if (!dataNode && (op.equals("GET OPEN") || op.equals("PUT CREATE"))) {
            if (op.equals("GET OPEN") && !Files.isRegularFile(file)) {
                throw new NoSuchFileException(path);
            }
            if (op.equals("PUT CREATE") && "false".equals(query.get("overwrite")) && Files.exists(file)) {
                throw new FileAlreadyExistsException(path);
            }
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://" + address() + "/data" + encoded(path) + "?"
                                    + exchange.getRequestURI().getRawQuery());
            exchange.sendResponseHeaders(307, -1);
            return;
        }
        switch (op) {
            case "GET OPEN" -> {
                var bytes = Files.readAllBytes(file);
                int from = Integer.parseInt(query.getOrDefault("offset", "0"));
                int length = Integer.parseInt(query.getOrDefault("length", Integer.toString(bytes.length)));
                length = Math.min(length, bytes.length - from);
                exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
                exchange.getResponseBody().write(bytes, from, length);
            }
            case "PUT CREATE" -> {
                Files.createDirectories(file.getParent());
                try {
                    Files.write(file, exchange.getRequestBody().readAllBytes());
                } catch (IOException e) {
                    Files.write(file, new byte[] {1}); // HDFS keeps what came before the connection broke
                    return;
                }
                exchange.sendResponseHeaders(201, -1);
            }
            case "GET GETFILESTATUS" -> send(exchange, JSON.createObjectNode().set("FileStatus", status(file, "")));
            case "GET LISTSTATUS" -> {
                if (!Files.exists(file)) {
                    throw new NoSuchFileException(path);
                }
                var list = JSON.createArrayNode();
                try (var children = Files.list(file)) {
                    for (var child : (Iterable<Path>) children.sorted()::iterator) {
                        list.add(status(child, child.getFileName().toString()));
                    }
                }
                send(
                        exchange,
                        JSON.createObjectNode()
                                .set("FileStatuses", JSON.createObjectNode().set("FileStatus", list)));
            }
            case "DELETE DELETE" -> sendBoolean(exchange, Files.deleteIfExists(file));
            case "PUT RENAME" -> {
                var target = file(query.getOrDefault("destination", ""));
                boolean free = !Files.exists(target);
                if (free) {
                    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                }
                sendBoolean(exchange, free);
            }
            case "POST CONCAT" -> {
                var all = new ByteArrayOutputStream();
                all.write(Files.readAllBytes(file));
                for (var source : query.getOrDefault("sources", "").split(",", -1)) {
                    all.write(Files.readAllBytes(file(source)));
                    Files.delete(file(source));
                }
                Files.write(file, all.toByteArray());
                exchange.sendResponseHeaders(200, -1);
            }
            default -> refuse(exchange, 400, "UnsupportedOperationException", op);
        }
    }

    private static ObjectNode status(Path file, String suffix) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        boolean directory = Files.isDirectory(file);
        return JSON.createObjectNode()
                .put("pathSuffix", suffix)
                .put("type", directory ? "DIRECTORY" : "FILE")
                .put("length", directory ? 0 : Files.size(file))
                .put("fileId", String.valueOf(Files.getAttribute(file, "unix:ino")))
                .put("modificationTime", Files.getLastModifiedTime(file).toMillis());
    }

    private static void send(HttpExchange exchange, Object json) throws IOException {
        var bytes = JSON.writeValueAsBytes(json);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void sendBoolean(HttpExchange exchange, boolean value) throws IOException {
        send(exchange, Map.of("boolean", value));
    }

    private static void refuse(HttpExchange exchange, int status, String exception, String message) throws IOException {
        var bytes =
                JSON.writeValueAsBytes(Map.of("RemoteException", Map.of("exception", exception, "message", message)));
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8)
                .replace("%2F", "/")
                .replace("+", "%20");
    }

    private static Map<String, String> query(URI uri) {
        var query = new HashMap<String, String>();
        for (var pair : uri.getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
