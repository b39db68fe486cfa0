package io.tiphys.local.node;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Node} is started.
 *
 * @param kubernetes how to reach the API server
 * @param name the machine's name, which is that of its first Node object
 * @param nodes for how many Node objects it stands: {@code local}, {@code local-2} and so on
 * @param home the folder for pods, logs, layers and volumes; hidden from containers
 * @param host the address that logs are served on and that pods get as theirs
 * @param logPort the port that logs are served on, 0 for any free one
 * @param maxPods how many pods run at once; more wait, oldest first. Fewer with sidecars where there is little memory
 * @param executorLayer the folder that contains {@code tiphys/executor} and {@code tiphys/emissary}: the image {@code tiphys/executor}
 * @param hidden a folder that containers must not see (the instance's home), or null
 * @param rootless whether containers get a user namespace although this process is root; always so when it isn't
 * @param crashBackoff the first wait before a container is started again; doubles, up to five minutes
 */
public record NodeConfig(
        Config kubernetes,
        String name,
        int nodes,
        Path home,
        String host,
        int logPort,
        int maxPods,
        @Nullable Path executorLayer,
        @Nullable Path hidden,
        Duration crashBackoff,
        boolean rootless) {
    public NodeConfig {
        if (nodes < 1) {
            throw new IllegalArgumentException("nodes: " + nodes + " is too few; use at least 1");
        }
        if (maxPods < 1) {
            throw new IllegalArgumentException("maxPods: " + maxPods + " is too few; use at least 1");
        }
    }

    /** A node named {@code local} on the loopback address. */
    public static NodeConfig in(Path home, String apiServerUrl) {
        Config config = new io.fabric8.kubernetes.client.ConfigBuilder(Config.empty())
                .withMasterUrl(apiServerUrl)
                .withTrustCerts(true)
                .build();
        return new NodeConfig(config, "local", 1, home, "127.0.0.1", 0, 250, null, home, Duration.ofSeconds(10), false);
    }

    public NodeConfig withExecutorLayer(Path folder) {
        return new NodeConfig(
                kubernetes, name, nodes, home, host, logPort, maxPods, folder, hidden, crashBackoff, rootless);
    }

    public NodeConfig withNodes(int count) {
        return new NodeConfig(
                kubernetes, name, count, home, host, logPort, maxPods, executorLayer, hidden, crashBackoff, rootless);
    }

    /** The names of its Node objects. */
    public List<String> nodeNames() {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(number -> number == 1 ? name : name + "-" + number)
                .toList();
    }

    public NodeConfig withMaxPods(int pods) {
        return new NodeConfig(
                kubernetes, name, nodes, home, host, logPort, pods, executorLayer, hidden, crashBackoff, rootless);
    }

    public NodeConfig withHidden(Path folder) {
        return new NodeConfig(
                kubernetes, name, nodes, home, host, logPort, maxPods, executorLayer, folder, crashBackoff, rootless);
    }

    public NodeConfig withCrashBackoff(Duration first) {
        return new NodeConfig(
                kubernetes, name, nodes, home, host, logPort, maxPods, executorLayer, hidden, first, rootless);
    }

    public NodeConfig withKubernetes(Config config) {
        return new NodeConfig(
                config, name, nodes, home, host, logPort, maxPods, executorLayer, hidden, crashBackoff, rootless);
    }

    public NodeConfig inUserNamespaces() {
        return new NodeConfig(
                kubernetes, name, nodes, home, host, logPort, maxPods, executorLayer, hidden, crashBackoff, true);
    }
}
