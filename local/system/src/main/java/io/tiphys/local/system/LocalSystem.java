package io.tiphys.local.system;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.workloads.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One running instance: the embedded parts in this JVM, and the processes it watches. Parts start side by side; services
 * wait by themselves for what they need. Stopping goes in the reverse order: services, node and pods, then what they use.
 */
final class LocalSystem {
    private static final System.Logger LOG = System.getLogger(LocalSystem.class.getName());
    private static final Duration READY_WITHIN = Duration.ofMinutes(10);
    private static final Duration RESTARTED_WITHIN = Duration.ofMinutes(2);
    private static final Duration SERVICES_STOP_WITHIN = Duration.ofSeconds(12);
    private static final Duration POSTGRES_STOPS_WITHIN = Duration.ofSeconds(8);

    /**
     * How much of what can be had more than once.
     *
     * @param nodes how many nodes the machine stands for; of no meaning with a given cluster
     */
    record Size(int controllers, int nodes) {}

    /** A step of starting; what it throws ends the start. */
    private interface Step {
        void run() throws Exception;
    }

    private final Home home;
    private final Path root;
    private final int doorPort;
    private final Set<String> without;
    private final Size size;
    private final Optional<GivenCluster> cluster;
    private final Board board;
    private final List<SupervisedProcess> services = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> embedded = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable SupervisedProcess postgres;

    /** An instance without some of its services, if their names are given, on its own API server or on a given cluster. */
    LocalSystem(Home home, Path root, int doorPort, Set<String> without, Size size, Optional<GivenCluster> cluster) {
        this.cluster = cluster;
        this.home = home;
        this.without = Set.copyOf(without);
        this.size = size;
        this.root = root;
        this.doorPort = doorPort;
        this.board = new Board(home);
    }

    /** Starts everything and returns when all is ready; a failure stops what was started and is thrown. */
    void start() throws IOException, InterruptedException {
        Leftovers.end(home);
        Settings settings = Settings.load(home);
        Ports ports = Ports.choose(settings, doorPort, size.controllers());
        Path kubeconfig = cluster.map(GivenCluster::kubeconfig).orElse(home.kubeconfig());
        Optional<Path> argoConfig = cluster.isPresent() ? Optional.empty() : Optional.of(home.argoConfig());
        Services descriptions = new Services(home, root, ports, settings, kubeconfig, argoConfig);
        Settings.createCapabilityKey(home.capabilityKey());
        String ossSecret = settings.secret("oss");
        String postgresPassword = settings.secret("postgres");
        settings.save();
        Settings.writePrivately(home.kubeconfig(), ApiServer.kubeconfig(ports.url("kubernetes"), "default"));
        announce(ports, descriptions);
        Thread.ofVirtual().name("own-memory").start(this::measureOwnMemory);

        CountDownLatch apiServerUp = new CountDownLatch(1);
        List<Thread> starting = new ArrayList<>();
        cluster.ifPresentOrElse(
                given -> starting.add(step("kubernetes", () -> {
                    given.prepare(root);
                    board.ready("kubernetes");
                })),
                () -> {
                    starting.add(step("kubernetes", () -> {
                        startApiServer(ports);
                        apiServerUp.countDown();
                    }));
                    starting.add(step("node", () -> {
                        apiServerUp.await();
                        started("node", NodePart.start(home, root, ports.url("kubernetes"), size.nodes()));
                        embed(Workloads.start(LocalClients.config(ports.url("kubernetes"))));
                    }));
                });
        starting.add(step("oss", () -> startObjectStore(ports, ossSecret)));
        starting.add(step("kafka", () -> {
            KafkaBroker broker = KafkaBroker.start(home.kafka(), ports.of("kafka"), ports.of("kafka-controller"));
            started("kafka", broker);
        }));
        starting.add(step("postgres", () -> startPostgres(ports, postgresPassword)));
        for (ProcessSpec spec : descriptions.specs(without, size.controllers())) {
            SupervisedProcess service = new SupervisedProcess(spec, board);
            services.add(service);
            service.start();
        }
        List<Part> missing = board.awaitReady(READY_WITHIN);
        Optional<Part> failed = missing.stream()
                .filter(part -> part.state() == Part.State.FAILED)
                .findFirst();
        if (failed.isPresent()) {
            starting.forEach(Thread::interrupt);
            throw new UserFacingException(
                    failed.get().name() + " " + failed.get().message());
        }
        if (!missing.isEmpty()) {
            throw new UserFacingException("not ready after " + READY_WITHIN.toMinutes() + " minutes: "
                    + missing.stream().map(Part::name).collect(Collectors.joining(", ")) + "; see "
                    + missing.getFirst().log());
        }
        if (cluster.isEmpty()) {
            followArgoConfig(ports);
        }
        board.state(Instance.State.UP, null);
    }

    private void followArgoConfig(Ports ports) {
        KubernetesClient client = LocalClients.to(ports.url("kubernetes"));
        embed(ArgoConfigMap.follow(client, home.argoConfig(), this::restartConfigured));
    }

    private boolean restartConfigured() throws InterruptedException {
        List<SupervisedProcess> configured = services.stream()
                .filter(service -> Services.isReplicaOf(service.name(), Services.CONFIGURED))
                .toList();
        List<Thread> restarts = new ArrayList<>();
        for (SupervisedProcess service : configured) {
            restarts.add(Thread.ofVirtual().start(() -> {
                try {
                    service.restart("takes up a changed " + ArgoConfigMap.NAME, SERVICES_STOP_WITHIN);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread each : restarts) {
            each.join();
        }
        List<String> names = configured.stream().map(SupervisedProcess::name).toList();
        return board.awaitReady(names, RESTARTED_WITHIN);
    }

    private void announce(Ports ports, Services descriptions) {
        board.add("system", 0, "");
        cluster.ifPresentOrElse(
                given -> {
                    board.kubeconfig(given.kubeconfig());
                    board.add("kubernetes", 0, given.server());
                },
                () -> board.add("kubernetes", ports.of("kubernetes"), ports.url("kubernetes")));
        board.add("oss", ports.of("oss"), ports.url("oss"));
        board.add("postgres", ports.of("postgres"), descriptions.postgresUrl());
        board.add("kafka", ports.of("kafka"), "127.0.0.1:" + ports.of("kafka"));
        if (cluster.isEmpty()) {
            board.add("node", 0, "");
        }
        Services.NAMES.stream()
                .filter(name -> !without.contains(name))
                .flatMap(name -> Services.replicas(name, size.controllers()).stream())
                .forEach(name -> board.add(name, ports.of(name), ports.url(name)));
        board.url("api", ports.url("submitter"));
        board.oss(
                Map.of("endpoint", ports.url("oss"), "bucket", Services.BUCKET, "accessKeyId", Services.ACCESS_KEY_ID));
        long pid = ProcessHandle.current().pid();
        board.update("system", part -> part.withProcess(pid, 0));
        board.ready("system");
    }

    private Thread step(String part, Step step) {
        return Thread.ofVirtual().name("start-" + part).start(() -> {
            try {
                step.run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.ERROR, part + " can't be started", e);
                String message = "can't be started: " + (e.getMessage() == null ? e.toString() : e.getMessage());
                board.update(part, current -> current.withState(Part.State.FAILED, message));
            }
        });
    }

    private void startApiServer(Ports ports) throws IOException {
        ApiServer server = ApiServer.start(
                ApiServerConfig.inMemory().withPort(ports.of("kubernetes")).withStateDirectory(home.state()));
        started("kubernetes", server);
    }

    private void startObjectStore(Ports ports, String secret) throws IOException {
        started(
                "oss",
                ObjectStore.start(ObjectStoreConfig.in(home.store(), Services.ACCESS_KEY_ID, secret)
                        .withAddress("127.0.0.1", ports.of("oss"))
                        .withBuckets(Services.BUCKET)));
    }

    private void startPostgres(Ports ports, String password) throws IOException, InterruptedException {
        ProcessSpec spec = Postgres.prepare(home, PostgresCache.directory(), ports.of("postgres"), password);
        SupervisedProcess process = new SupervisedProcess(spec, board);
        postgres = process;
        process.start();
    }

    private void started(String part, AutoCloseable what) {
        embed(what);
        board.ready(part);
    }

    private void embed(AutoCloseable what) {
        synchronized (embedded) {
            embedded.push(what);
        }
    }

    private void measureOwnMemory() {
        long pid = ProcessHandle.current().pid();
        try {
            while (ended.getCount() > 0) {
                board.update("system", part -> part.withRss(ProcessMemory.ownResidentBytes(pid)));
                Thread.sleep(Duration.ofSeconds(5));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks until {@link #stop} has done its work. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Stops everything and waits for it. */
    void stop() {
        board.state(Instance.State.STOPPING, null);
        try {
            services.forEach(SupervisedProcess::stop);
            for (SupervisedProcess service : services) {
                service.awaitStop(SERVICES_STOP_WITHIN);
            }
            closeEmbedded();
            SupervisedProcess database = postgres;
            if (database != null) {
                database.stop();
                database.awaitStop(POSTGRES_STOPS_WITHIN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** The last started first; so the node goes before the API server that it reports to. */
    private void closeEmbedded() {
        synchronized (embedded) {
            embedded.stream().filter(NodePart.class::isInstance).forEach(LocalSystem::close);
            embedded.stream().filter(part -> !(part instanceof NodePart)).forEach(LocalSystem::close);
            embedded.clear();
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "a part didn't stop in order", e);
        }
    }

    /** Says in the instance file why there is no instance. */
    void fail(String message) {
        board.state(Instance.State.FAILED, message);
    }

    /** Removes the instance file: nothing runs any more. */
    void erase() throws IOException {
        board.erase();
    }
}
