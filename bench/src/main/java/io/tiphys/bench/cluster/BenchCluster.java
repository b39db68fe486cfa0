package io.tiphys.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.bench.TemporaryInstance;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The system that is measured: the running instance; or, with {@code --kubeconfig FILE}, the services on that cluster, started
 * for the benchmark in a directory of their own unless the running instance uses that cluster already.
 */
final class BenchCluster implements AutoCloseable {
    static final String NAMESPACE = "default";

    private final JsonNode instance;
    private final KubernetesClient client;
    private final @Nullable TemporaryInstance own;

    private BenchCluster(JsonNode instance, @Nullable TemporaryInstance own) throws IOException {
        this.instance = instance;
        this.own = own;
        // from text, not from a file, which the client would read again before each request: that would lower the
        // ceiling
        Config config = Config.fromKubeconfig(
                Files.readString(Path.of(instance.path("kubeconfig").asText())));
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout(120_000)
                        .build())
                .build();
    }

    static BenchCluster open(Path home, @Nullable Path kubeconfig) throws IOException {
        Path file = home.resolve("instance.json");
        JsonNode running = Files.exists(file) ? new ObjectMapper().readTree(file.toFile()) : null;
        if (kubeconfig == null) {
            if (running == null) {
                throw new IllegalStateException("no running instance in " + home
                        + ": start one with `./tiphys up --detach`, or give --kubeconfig FILE");
            }
            return new BenchCluster(running, null);
        }
        Path wanted = kubeconfig.toAbsolutePath().normalize();
        if (running != null && Path.of(running.path("kubeconfig").asText()).equals(wanted)) {
            return new BenchCluster(running, null);
        }
        TemporaryInstance own = new TemporaryInstance();
        own.up("--kubeconfig", wanted.toString());
        return new BenchCluster(own.facts(), own);
    }

    KubernetesClient client() {
        return client;
    }

    /** The submitter's door. */
    URI api() {
        return URI.create(instance.path("urls").path("api").asText());
    }

    /** What the controller has used up so far. */
    Usage controller() throws IOException, InterruptedException {
        for (JsonNode part : instance.path("parts")) {
            if (part.path("name").asText().equals("controller")) {
                return Usage.of(part.path("pid").asLong(), part.path("url").asText() + "/q/metrics");
            }
        }
        throw new IllegalStateException("the instance has no controller");
    }

    /** What runs beside the controller. */
    String describe() {
        return "%d cores, API server %s".formatted(Runtime.getRuntime().availableProcessors(), client.getMasterUrl());
    }

    @Override
    public void close() throws IOException {
        client.close();
        if (own != null) {
            own.close();
        }
    }
}
