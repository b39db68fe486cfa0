package io.tiphys.archive;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Real Postgres, Kafka and Kubernetes API around the service under test. */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable TestKafka kafka;
    private @Nullable ApiServer kubernetes;

    @Override
    public Map<String, String> start() {
        try {
            postgres =
                    EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
            kafka = TestKafka.start();
            kubernetes = ApiServer.start(ApiServerConfig.inMemory());
            return Map.of(
                    "tiphys.postgres.url",
                    "postgresql://localhost:" + postgres.getPort() + "/postgres",
                    "tiphys.postgres.user",
                    "postgres",
                    "tiphys.postgres.password",
                    "postgres",
                    "kafka.bootstrap.servers",
                    kafka.bootstrapServers(),
                    "quarkus.kubernetes-client.api-server-url",
                    kubernetes.url());
        } catch (Exception e) {
            throw new IllegalStateException("the surroundings of the test did not come up", e);
        }
    }

    @Override
    public void stop() {
        try {
            if (kubernetes != null) {
                kubernetes.close();
            }
            if (kafka != null) {
                kafka.close();
            }
            if (postgres != null) {
                postgres.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the surroundings of the test did not go down", e);
        }
    }
}
