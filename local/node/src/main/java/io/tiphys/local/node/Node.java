package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.local.node.container.Programs;
import io.tiphys.local.node.container.Spawner;
import io.tiphys.local.node.image.ImageCatalog;
import io.tiphys.local.node.log.LogAgent;
import io.tiphys.local.node.pod.NodeServices;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A running machine, which is one node or stands for several: binds pods that no node has, runs their containers as processes, writes
 * their status, and serves their logs. Its containers end when it is closed, and also when its process is killed; pods that ran then are reported as failed, or started
 * again where their restart policy says so, by the next node of that name.
 */
public final class Node implements AutoCloseable {
    private static final int START_TRIES = 60;
    private static final Duration START_RETRY = Duration.ofSeconds(1);
    /** How often all pods are looked at although nothing was heard of them. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final Spawner spawner;
    private final EventRecorder events;
    private final PodTable pods;
    private final VolumeClaims claims;
    private final LogAgent logs;
    private final NodeTable nodes;
    private final SharedIndexInformer<Pod> informer;
    private final NodeConfig config;

    private Node(NodeConfig config) throws IOException {
        this.config = config;
        Path home = Files.createDirectories(config.home()).toRealPath();
        Path podFolder = Files.createDirectories(home.resolve("pods"));
        Path claimFolder = Files.createDirectories(home.resolve("claims"));
        Programs programs = new Programs(home.resolve("bin"));
        ImageCatalog images = new ImageCatalog(home.resolve("layers"), config.executorLayer(), programs);
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config.kubernetes())
                        // Whoever asks tries again, then with what is true by then; the client would repeat itself for
                        // minutes.
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        this.spawner = Spawner.start(programs, config.rootless());
        this.events = new EventRecorder(client, config.name());
        Set<Path> openLogs = ConcurrentHashMap.newKeySet();
        Path hidden = config.hidden();
        NodeServices services = new NodeServices(
                new FabricPodApi(client, events),
                spawner,
                images,
                config.name(),
                config.host(),
                podFolder,
                claimFolder,
                hidden == null ? null : hidden.toRealPath(),
                HostMounts.find(),
                HostMounts.needsTmpfs(home),
                config.crashBackoff(),
                openLogs,
                URI.create(config.kubernetes().getMasterUrl()));
        this.pods = new PodTable(client, services, config.maxPods());
        this.logs = LogAgent.start(config.host(), config.logPort(), pods::logs, openLogs);
        NodeRegistration registration = new NodeRegistration(client, config, logs.port());
        List<String> superfluous = awaitApiServer(registration);
        this.nodes = new NodeTable(client, config.name(), registration, LOOK_AGAIN.toMillis());
        pods.setNodes(nodes);
        this.claims = new VolumeClaims(client, claimFolder);
        this.informer = client.pods().inAnyNamespace().runnableInformer(LOOK_AGAIN.toMillis());
        informer.exceptionHandler((started, e) -> true);
        pods.setCurrent(pod -> informer.getStore()
                .getByKey(pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName()));
        informer.addEventHandler(pods);
        informer.run();
        superfluous.forEach(pods::gone);
        pods.deleteStrayFolders(informer.getStore().list().stream());
    }

    /**
     * Starts a node: registers it once the API server answers, takes over what an earlier life left, and watches.
     *
     * @throws IOException when there is no C compiler, the log port is taken, or the API server doesn't answer within a minute
     */
    public static Node start(NodeConfig config) throws IOException {
        return new Node(config);
    }

    private static List<String> awaitApiServer(NodeRegistration registration) throws IOException {
        for (int i = 1; ; i++) {
            try {
                return registration.register();
            } catch (KubernetesClientException e) {
                if (i == START_TRIES) {
                    throw new IOException("the API server can't be used: " + e.getMessage(), e);
                }
            }
            try {
                Thread.sleep(START_RETRY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for the API server", e);
            }
        }
    }

    /** Where logs are served, in the kubelet's way: {@code /containerLogs/{namespace}/{pod}/{container}}. */
    public URI logEndpoint() {
        return URI.create("http://" + config.host() + ":" + logs.port());
    }

    /** How many pods run now. */
    public int runningPods() {
        return pods.running();
    }

    /** Kills all containers and stops; the pods' objects stay as they are. */
    @Override
    public void close() throws IOException {
        informer.close();
        nodes.close();
        claims.close();
        pods.close();
        spawner.close();
        logs.close();
        events.close();
        client.close();
    }
}
