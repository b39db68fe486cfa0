package io.tiphys.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactDriver;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.Workflow;
import io.tiphys.controller.agent.AgentServices;
import io.tiphys.controller.agent.KubeTaskSetGateway;
import io.tiphys.controller.agent.Plugins;
import io.tiphys.controller.archive.HttpArchive;
import io.tiphys.controller.cache.ConfigMapCache;
import io.tiphys.controller.config.ControllerConfig;
import io.tiphys.controller.image.ImageCommands;
import io.tiphys.controller.image.RegistryImages;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.KafkaJournal;
import io.tiphys.controller.kube.AdaptiveLimiter;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.Instance;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.kube.KubePodGateway;
import io.tiphys.controller.kube.KubeWorkflowGateway;
import io.tiphys.controller.kube.PodGateway;
import io.tiphys.controller.kube.RateLimitedPods;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.controller.lifecycle.RetentionPolicy;
import io.tiphys.controller.locks.LockBoards;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.controller.shard.Estimator;
import io.tiphys.controller.shard.KubeEstimator;
import io.tiphys.controller.shard.KubePreparation;
import io.tiphys.controller.shard.Lease;
import io.tiphys.controller.shard.Pace;
import io.tiphys.controller.shard.PodRestarts;
import io.tiphys.controller.shard.Policies;
import io.tiphys.controller.shard.RestingRuns;
import io.tiphys.controller.shard.Restrictions;
import io.tiphys.controller.shard.ShardServices;
import io.tiphys.controller.shard.ShardSettings;
import io.tiphys.controller.shard.SpecValidation;
import io.tiphys.controller.shard.StatusRate;
import io.tiphys.controller.shard.WorkflowDefaults;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Limits;
import io.tiphys.engine.TransientErrors;
import io.tiphys.messages.Records;
import io.tiphys.pods.AgentPlanner;
import io.tiphys.pods.CapabilitySigner;
import io.tiphys.pods.PodPlanner;
import io.tiphys.pods.PodSettings;
import io.tiphys.transfer.CapabilityKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;

/** Puts a replica's parts together from its settings. */
public final class Assembly {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(15);
    private static final int MAX_ATTEMPTS = 6;

    private Assembly() {}

    public static ShardServices services(
            ControllerConfig config,
            String bootstrapServers,
            Producer<String, byte[]> producer,
            KubernetesClient client,
            MeterRegistry metrics,
            MetricBoard board,
            int shards) {
        Records records = new Records("/tiphys/controller", shards);
        AdaptiveLimiter limiter = new AdaptiveLimiter(
                1, config.controller().requests(), config.controller().maxRequests());
        ApiCalls calls = new ApiCalls(limiter, metrics, FIRST_BACKOFF, MAX_BACKOFF, MAX_ATTEMPTS);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        WorkflowGateway workflows = new KubeWorkflowGateway(client, calls);
        Policies policies = policies(config);
        EngineSettings engine = new EngineSettings(
                new Limits(config.controller().maxNodes(), config.controller().maxDepth()),
                TransientErrors.of(config.controller().transientErrorPattern()),
                config.controller().bubbleEntryTemplateErr());
        return new ShardServices(
                new Lease(config.controller().sessionTimeout().multipliedBy(9).dividedBy(10)),
                new KafkaJournal(bootstrapServers, producer, metrics),
                new JournalRecords(records),
                records,
                pods(config, new KubePodGateway(client, calls)),
                workflows,
                calls,
                new KubeEvents(client, calls),
                new ConfigMapCache(client, calls, Clock.systemUTC()),
                new KubePreparation(
                        client,
                        calls,
                        workflows,
                        new HttpArchive(config.archive().url()),
                        new SpecValidation(),
                        policies,
                        config.controller().estimates()
                                ? new KubeEstimator(
                                        client, calls, config.archive().url())
                                : Estimator.NONE,
                        repository(config),
                        engine),
                new PodPlanner(podSettings(config), signer(config)),
                config.imageLookup().enabled()
                        ? new RegistryImages(
                                client,
                                calls,
                                config.imageLookup().plainHttp().orElse(Set.of()),
                                metrics,
                                Clock.systemUTC())
                        : ImageCommands.NONE,
                new AgentServices(
                        new KubeTaskSetGateway(client, calls),
                        new Plugins(
                                client,
                                calls,
                                config.agent().plugins(),
                                config.agent().pluginNamespace()),
                        new AgentPlanner(podSettings(config), signer(config))),
                LockBoards.create(
                        bootstrapServers,
                        producer,
                        records,
                        shards,
                        new LockBoards.Limits(
                                config.controller().parallelism(),
                                config.controller().namespaceParallelism()),
                        client,
                        calls,
                        threads,
                        metrics),
                new RestingRuns(config.controller().restingNodes()),
                new Instance(config.instanceId().filter(id -> !id.isBlank())),
                threads,
                Clock.systemUTC(),
                new Pace(System.nanoTime()),
                new StatusRate(config.controller().statusRate()),
                metrics,
                board,
                new ShardSettings(
                        config.controller().statusInterval(),
                        config.controller().podGcDelay(),
                        config.archive().enabled(),
                        config.controller().cronInterval(),
                        config.memo().gcPeriod(),
                        config.memo().gcAfterNotHit(),
                        config.workflowEvents().enabled(),
                        config.nodeEvents().enabled(),
                        config.nodeEvents().sendAsPod(),
                        engine,
                        policies,
                        new RetentionPolicy(
                                config.retentionPolicy().completed(),
                                config.retentionPolicy().failed(),
                                config.retentionPolicy().errored()),
                        new PodRestarts(
                                config.failedPodRestart().enabled()
                                        ? config.failedPodRestart().maxRestarts()
                                        : 0)));
    }

    private static Policies policies(ControllerConfig config) {
        WorkflowDefaults defaults = json(
                        config.workflowDefaults(), "tiphys.workflow-defaults", new TypeReference<Workflow>() {})
                .map(WorkflowDefaults::new)
                .orElse(WorkflowDefaults.NONE);
        return new Policies(
                defaults,
                new Restrictions(
                        config.workflowRestrictions().templateReferencing(),
                        config.workflowRestrictions().userOverrides().orElse(Set.of())));
    }

    private static PodGateway pods(ControllerConfig config, PodGateway gateway) {
        var limit = config.resourceRateLimit().limit();
        return limit.isEmpty()
                ? gateway
                : new RateLimitedPods(
                        gateway,
                        Clock.systemUTC(),
                        limit.getAsDouble(),
                        config.resourceRateLimit().burst());
    }

    static PodSettings podSettings(ControllerConfig config) {
        return new PodSettings(
                config.executor().image(),
                config.executor().imagePullPolicy().orElse(null),
                new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity(config.executor().cpuRequest()))
                        .addToRequests("memory", new Quantity(config.executor().memoryRequest()))
                        .addToLimits("memory", new Quantity(config.executor().memoryLimit()))
                        .build(),
                config.uploader().url(),
                false,
                config.capability().life(),
                json(config.images(), "tiphys.images", new TypeReference<Map<String, PodSettings.ImageCommand>>() {})
                        .orElse(Map.of()),
                json(config.mainContainer(), "tiphys.main-container", new TypeReference<Container>() {})
                        .orElse(null),
                json(
                                config.executor().securityContext(),
                                "tiphys.executor.security-context",
                                new TypeReference<SecurityContext>() {})
                        .orElse(null),
                config.controller().podGcDelay(),
                config.controller().podStatusFinalizer(),
                ArtifactDriver.listOf(
                                "tiphys.artifact-drivers",
                                config.artifactDrivers().orElse(null))
                        .stream()
                        .map(ArtifactDriver::name)
                        .collect(Collectors.toSet()));
    }

    private static ArtifactRepository repository(ControllerConfig config) {
        return json(
                        config.artifactRepository(),
                        "tiphys.artifact-repository",
                        new TypeReference<ArtifactRepository>() {})
                .orElseGet(() -> ApiJson.mapper().convertValue(Map.of(), ArtifactRepository.class));
    }

    private static <T> Optional<T> json(Optional<String> text, String setting, TypeReference<T> type) {
        return text.map(json -> {
            try {
                return ApiJson.mapper().readValue(json, type);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "the setting " + setting + " is not the JSON that it should be: " + e.getOriginalMessage(), e);
            }
        });
    }

    private static CapabilitySigner signer(ControllerConfig config) {
        Optional<Path> file = config.capability().keyFile();
        if (file.isEmpty()) {
            return capability -> {
                throw new IllegalStateException(
                        "pods that move data need the setting tiphys.capability.key-file (TIPHYS_CAPABILITY_KEY_FILE)");
            };
        }
        try {
            CapabilityKey key = CapabilityKey.read(file.get());
            return key::sign;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
