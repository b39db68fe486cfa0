package io.tiphys.uploader;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.transfer.CapabilityKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything the uploader needs, real and in this JVM: Postgres, Kafka, object storage, an API server. */
public class Surroundings implements QuarkusTestResourceLifecycleManager {
    static final String ACCESS_KEY = "test-key";
    static final String ACCESS_SECRET = "test-secret";
    static final String BUCKET = "artifacts";

    private static @Nullable Surroundings current;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private @Nullable ObjectStore store;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable Path home;

    @Override
    public Map<String, String> start() {
        try {
            var dir = Files.createTempDirectory("tiphys-uploader-");
            home = dir;
            var postgres = keep(EmbeddedPostgres.start());
            var broker = keep(EmbeddedKafka.start(dir.resolve("kafka")));
            kafka = broker;
            store = keep(ObjectStore.start(ObjectStoreConfig.in(dir.resolve("store"), ACCESS_KEY, ACCESS_SECRET)
                    .withBuckets(BUCKET)));
            var api = keep(ApiServer.start(ApiServerConfig.inMemory()));
            var keyFile = Files.writeString(
                    dir.resolve("capability.key"), Base64.getEncoder().encodeToString(new byte[32]));
            current = this;
            return Map.of(
                    "quarkus.datasource.jdbc.url",
                    postgres.getJdbcUrl("postgres", "postgres") + "&currentSchema=uploader",
                    "quarkus.datasource.username",
                    "postgres",
                    "quarkus.datasource.password",
                    "postgres",
                    "quarkus.http.test-port",
                    "0",
                    "quarkus.kubernetes-client.api-server-url",
                    api.url(),
                    "tiphys.kafka.bootstrap-servers",
                    broker.bootstrapServers(),
                    "tiphys.capability.key-file",
                    keyFile.toString(),
                    "tiphys.oss.access-key-id",
                    ACCESS_KEY,
                    "tiphys.oss.access-key-secret",
                    ACCESS_SECRET);
        } catch (Exception e) {
            stop();
            throw new IllegalStateException("cannot start what the uploader needs", e);
        }
    }

    static ObjectStore store() {
        return Objects.requireNonNull(Objects.requireNonNull(current).store);
    }

    static EmbeddedKafka kafka() {
        return Objects.requireNonNull(Objects.requireNonNull(current).kafka);
    }

    static CapabilityKey key() throws IOException {
        return CapabilityKey.read(
                Objects.requireNonNull(Objects.requireNonNull(current).home).resolve("capability.key"));
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void stop() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot stop what the uploader needed", e);
            }
        }
        var dir = home;
        if (dir != null) {
            deleteTree(dir);
        }
    }

    static void deleteTree(Path tree) {
        try (var paths = Files.walk(tree)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
