package io.tiphys.submitter;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes API and object store around the service under test, a kubelet that knows logs, and an archive that knows what
 * tests tell it.
 */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {
    public static final String BUCKET = "tiphys-test";
    /** Path of a container's log, {@code namespace/pod/container}, to its lines with timestamps. */
    public static final Map<String, String> LOGS = new ConcurrentHashMap<>();
    /** Path at the archive, or at artifact-gc, to its answer. */
    public static final Map<String, String> ARCHIVE = new ConcurrentHashMap<>();

    /** Path of what the archive keeps by hash. */
    public static final Map<String, byte[]> BLOBS = new ConcurrentHashMap<>();

    private static @Nullable ObjectStore current;

    private @Nullable ApiServer kubernetes;
    private @Nullable ObjectStore store;
    private @Nullable HttpServer others;
    private @Nullable Path directory;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("tiphys-submitter");
            kubernetes = ApiServer.start(ApiServerConfig.inMemory());
            store = ObjectStore.start(
                    ObjectStoreConfig.in(directory, "test-id", "test-secret").withBuckets(BUCKET));
            current = store;
            others = others();
            return Map.of(
                    "quarkus.kubernetes-client.api-server-url",
                    kubernetes.url(),
                    "tiphys.oss.access-key-id",
                    "test-id",
                    "tiphys.oss.access-key-secret",
                    "test-secret",
                    "test.oss.endpoint",
                    store.endpoint().toString(),
                    "test.kubelet.port",
                    Integer.toString(others.getAddress().getPort()),
                    "tiphys.archive.url",
                    "http://127.0.0.1:" + others.getAddress().getPort(),
                    "tiphys.artifact-gc.url",
                    "http://127.0.0.1:" + others.getAddress().getPort());
        } catch (IOException e) {
            throw new IllegalStateException("the surroundings of the test did not come up", e);
        }
    }

    /** The store, for its switch for faults. */
    static ObjectStore store() {
        return Objects.requireNonNull(current);
    }

    private static HttpServer others() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/containerLogs/", exchange -> {
            String container = exchange.getRequestURI().getPath().substring("/containerLogs/".length());
            answer(exchange, LOGS.get(container));
        });
        server.createContext("/v1/namespaces/argo/blobs/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("PUT")) {
                BLOBS.put(path, body);
                exchange.sendResponseHeaders(204, -1);
            } else {
                byte[] blob = BLOBS.get(path);
                exchange.sendResponseHeaders(blob == null ? 404 : 200, blob == null ? -1 : blob.length);
                exchange.getResponseBody().write(blob == null ? new byte[0] : blob);
            }
            exchange.close();
        });
        server.createContext("/v1/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, ARCHIVE.get(exchange.getRequestURI().getPath()));
        });
        server.start();
        return server;
    }

    private static void answer(com.sun.net.httpserver.HttpExchange exchange, @Nullable String text) throws IOException {
        byte[] body = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(text == null ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void stop() {
        try {
            if (kubernetes != null) {
                kubernetes.close();
            }
            if (store != null) {
                store.close();
            }
            if (others != null) {
                others.stop(0);
            }
            if (directory != null) {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the surroundings of the test did not go down", e);
        }
    }
}
