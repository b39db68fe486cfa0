package io.tiphys.controller.parts;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.controller.Assembly;
import io.tiphys.controller.Controller;
import io.tiphys.controller.config.ControllerConfig;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Message;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topic;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Broker, API server and kubelet, with as many controllers as a test starts. */
public final class TestSystem implements AutoCloseable {
    public static final String NAMESPACE = "default";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A machine that is busy must not make controllers take each other for dead; and what tests wait for is shown soon. */
    private static final Map<String, String> DEFAULTS =
            Map.of("tiphys.controller.session-timeout", "10s", "tiphys.controller.status-interval", "50ms");

    /** Enough for several controllers; each of them costs every test some time. */
    private static final int SHARDS = 8;

    private final Path directory = Files.createTempDirectory("tiphys-controller-test");
    private final TestBroker broker;
    private final ApiServerConfig apiServerConfig;
    private final Map<Controller, MeterRegistry> metrics = new HashMap<>();
    private volatile @Nullable CountDownLatch heldEvents;
    private ApiServer apiServer;
    private final KubernetesClient client;
    private final PretendKubelet kubelet;
    private final KafkaProducer<String, byte[]> producer;
    private final int shards;
    private final MetricBoard board = new MetricBoard();
    private final List<Controller> controllers = new ArrayList<>();

    public TestSystem() throws Exception {
        this(SHARDS);
    }

    /** With that many shards, and one partition of each other topic. */
    public TestSystem(int shardCount) throws Exception {
        broker = TestBroker.start(Files.createDirectory(directory.resolve("kafka")));
        apiServerConfig = ApiServerConfig.inMemory()
                .withPort(freePort())
                .withStateDirectory(Files.createDirectory(directory.resolve("api-server")));
        apiServer = ApiServer.start(apiServerConfig);
        client = newClient();
        kubelet = new PretendKubelet(newClient());
        try (Admin admin = KafkaClients.admin(broker.bootstrapServers(), "test")) {
            admin.createTopics(Topics.all().stream()
                            .map(topic -> new NewTopic(
                                            topic.name(),
                                            Optional.of(topic.sharded() ? shardCount : 1),
                                            Optional.empty())
                                    .configs(topic.configs()))
                            .toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
            shards = Objects.requireNonNull(Topics.ensure(admin).get(Topics.NODE_CHANGES.name()));
        }
        producer = KafkaClients.producer(broker.bootstrapServers(), "test");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public TestBroker broker() {
        return broker;
    }

    /** Nobody can reach the API server while this runs; then it is there again, with all that it had. */
    public void withoutApiServer(Runnable meanwhile) throws IOException {
        apiServer.close();
        meanwhile.run();
        apiServer = ApiServer.start(apiServerConfig);
    }

    /** Metrics of one controller. */
    public MeterRegistry metrics(Controller controller) {
        return Objects.requireNonNull(metrics.get(controller));
    }

    /** Whatever Kubernetes Event a controller writes from now on waits until this is counted down. */
    public CountDownLatch holdEvents() {
        CountDownLatch held = new CountDownLatch(1);
        heldEvents = held;
        return held;
    }

    private void awaitEvents(HttpRequest request) {
        CountDownLatch held = heldEvents;
        boolean isEvent =
                request.method().equals("POST") && request.uri().getPath().endsWith("/events");
        if (held != null && isEvent) {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private KubernetesClient newClient() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(apiServer.url())
                .withNamespace(NAMESPACE)
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("held events", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, Interceptor.RequestTags tags) {
                        awaitEvents(request);
                    }
                }))
                .build();
    }

    public KubernetesClient client() {
        return client;
    }

    /** A key for the capabilities of pods. */
    public Path capabilityKey() throws IOException {
        return Files.writeString(
                Files.createTempFile(directory, "capability", ".key"),
                Base64.getEncoder().encodeToString(new byte[32]));
    }

    /** Metrics of all controllers. */
    public MetricBoard board() {
        return board;
    }

    /** Requests to the API server that all controllers have made so far, by what they were, such as {@code create pod}. */
    public Map<String, Long> requests() {
        Map<String, Long> requests = new TreeMap<>();
        for (Counter counter : metrics.values().stream()
                .flatMap(registry -> registry.find("tiphys.api.requests").counters().stream())
                .toList()) {
            requests.merge(
                    Objects.requireNonNull(counter.getId().getTag("request")), (long) counter.count(), Long::sum);
        }
        return requests;
    }

    public PretendKubelet kubelet() {
        return kubelet;
    }

    /** A controller as a process of its own would be: its own clients, a member of the same group. */
    public Controller startController(Map<String, String> settings) {
        ControllerConfig config = new SmallRyeConfigBuilder()
                .withMapping(ControllerConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValues(DEFAULTS)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(ControllerConfig.class);
        KubernetesClient own = newClient();
        MeterRegistry registry = new SimpleMeterRegistry();
        Controller controller = Controller.start(
                Assembly.services(
                        config,
                        broker.bootstrapServers(),
                        KafkaClients.producer(broker.bootstrapServers(), "controller"),
                        own,
                        registry,
                        board,
                        shards),
                own,
                shards,
                broker.bootstrapServers(),
                config.controller().sessionTimeout());
        controllers.add(controller);
        metrics.put(controller, registry);
        return controller;
    }

    public Workflow create(String manifest) {
        Workflow workflow = Manifests.read(manifest, Workflow.class);
        return client.resources(Workflow.class)
                .inNamespace(NAMESPACE)
                .resource(workflow)
                .create();
    }

    public Workflow get(String name) {
        return client.resources(Workflow.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .require();
    }

    /** Waits until the workflow is finished and labelled so. */
    public Workflow finished(String name) {
        await().atMost(PATIENCE).until(() -> {
            Workflow workflow = get(name);
            var labels = workflow.getMetadata().getLabels();
            return workflow.getStatus().phase().isFulfilled()
                    && labels != null
                    && "true".equals(labels.get("workflows.argoproj.io/completed"));
        });
        return get(name);
    }

    public void send(Message message) {
        var _ = producer.send(new Records("/test", shards).toRecord(message));
        producer.flush();
    }

    /** Sends a record as it is. */
    public void send(ProducerRecord<String, byte[]> record) {
        var _ = producer.send(record);
        producer.flush();
    }

    /** Reasons of the dead letters of a topic. */
    public List<String> deadLetters(Topic topic) {
        return records(topic.deadLetters().name(), 1).stream()
                .map(record ->
                        new String(record.headers().lastHeader("tiphys_reason").value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Every state in the journal up to now, each workflow's in the order of writing. */
    public List<NodeChange> journaled() {
        List<NodeChange> changes = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : journalRecords()) {
            if (record.value() != null) {
                try {
                    changes.add(Records.read(record, NodeChange.class));
                } catch (UnreadableRecordException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return changes;
    }

    /** Keys of the tombstones in the journal. */
    public List<String> tombstones() {
        return journalRecords().stream()
                .filter(record -> record.value() == null)
                .map(ConsumerRecord::key)
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> journalRecords() {
        return records(Topics.NODE_CHANGES.name(), shards).stream()
                .filter(record -> !record.key().startsWith("#"))
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic, int partitionCount) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        // closing waits for the fetch that is under way, so that must not wait for records to come
        Map<String, Object> settings = Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        try (var consumer = KafkaClients.consumer(broker.bootstrapServers(), "test", settings)) {
            List<TopicPartition> partitions = IntStream.range(0, partitionCount)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(
                            partition -> consumer.position(partition) < Objects.requireNonNull(ends.get(partition)))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
        return records;
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public int shards() {
        return shards;
    }

    @Override
    public void close() {
        controllers.forEach(Controller::close);
        kubelet.close();
        producer.close();
        client.close();
        apiServer.close();
        broker.close();
        TestBroker.delete(directory);
    }
}
