package io.tiphys.controller;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.api.Workflow;
import io.tiphys.cluster.ClusterClients;
import io.tiphys.controller.config.ControllerConfig;
import io.tiphys.controller.config.KafkaConfig;
import io.tiphys.controller.kube.WorkflowKind;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the API server and Kafka, then starts the controller; stops it with the service. */
@ApplicationScoped
public class Startup {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final MeterRegistry metrics;
    private final MetricBoard board;
    private final ControllerConfig config;
    private final KafkaConfig kafka;
    private volatile @Nullable Controller controller;
    private volatile String waitingFor = "start";
    private @Nullable Thread starter;

    public Startup(
            KubernetesClient client,
            MeterRegistry metrics,
            MetricBoard board,
            ControllerConfig config,
            KafkaConfig kafka) {
        this.client = ClusterClients.quick(client);
        this.metrics = metrics;
        this.board = board;
        this.config = config;
        this.kafka = kafka;
    }

    void begin(@Observes StartupEvent event) {
        starter = Thread.ofVirtual().name("startup").start(this::start);
    }

    void end(@Observes ShutdownEvent event) {
        if (starter != null) {
            starter.interrupt();
        }
        Controller running = controller;
        if (running != null) {
            running.close();
        }
    }

    /** Empty when the controller works, else what it waits for. */
    public Optional<String> waitingFor() {
        Controller running = controller;
        if (running == null) {
            return Optional.of(waitingFor);
        }
        return running.problem();
    }

    /** Shards that this replica owns now. */
    public Set<Integer> ownedShards() {
        Controller running = controller;
        return running == null ? Set.of() : running.ownedShards();
    }

    private void start() {
        try {
            await("the API server at " + client.getMasterUrl() + " with Argo's kinds", () -> {
                client.resources(Workflow.class)
                        .inAnyNamespace()
                        .list(new ListOptionsBuilder().withLimit(1L).build());
                WorkflowKind.check(client);
                return client;
            });
            int shards = await("Kafka at " + kafka.servers(), this::ensureTopics);
            KafkaProducer<String, byte[]> producer = KafkaClients.producer(kafka.servers(), "tiphys-controller");
            controller = Controller.start(
                    Assembly.services(config, kafka.servers(), producer, client, metrics, board, shards),
                    client,
                    shards,
                    kafka.servers(),
                    config.controller().sessionTimeout());
            LOG.info("controller started with {} shards in all", shards);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            waitingFor = "a fix: " + e.getMessage();
            LOG.error("the controller can't start", e);
        }
    }

    private int ensureTopics() {
        try (Admin admin = KafkaClients.admin(kafka.servers(), "tiphys-controller")) {
            Integer shards = Topics.ensure(admin).get(Topics.NODE_CHANGES.name());
            return shards == null ? Topics.SHARDS : shards;
        }
    }

    private <T> T await(String what, Callable<T> attempt) throws InterruptedException {
        waitingFor = what;
        while (true) {
            try {
                return attempt.call();
            } catch (KubernetesClientException | KafkaException e) {
                waitingFor = what + ": " + firstLine(e);
                LOG.info("waiting for {}", waitingFor);
            } catch (WorkflowKind.OutdatedException e) {
                String fix = "a fix: " + e.getMessage();
                if (!fix.equals(waitingFor)) {
                    LOG.error("the controller can't start yet: {}", e.getMessage());
                }
                waitingFor = fix;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("while waiting for " + what, e);
            }
            Thread.sleep(PAUSE);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("?");
    }
}
