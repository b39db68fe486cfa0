package io.tiphys.controller.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.Outputs;
import io.tiphys.api.Workflow;
import io.tiphys.controller.agent.AgentServices;
import io.tiphys.controller.agent.Plugins;
import io.tiphys.controller.agent.TaskSetGateway;
import io.tiphys.controller.cache.MemoCache;
import io.tiphys.controller.image.ImageCommands;
import io.tiphys.controller.journal.Journal;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.SimulatedPartition;
import io.tiphys.controller.kube.AdaptiveLimiter;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.Instance;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.controller.lifecycle.RetentionPolicy;
import io.tiphys.controller.locks.ReplicaLocks;
import io.tiphys.controller.locks.SimulatedLockBoard;
import io.tiphys.controller.locks.SimulatedLockTopic;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.controller.shard.Definition;
import io.tiphys.controller.shard.Lease;
import io.tiphys.controller.shard.Pace;
import io.tiphys.controller.shard.PodRestarts;
import io.tiphys.controller.shard.Policies;
import io.tiphys.controller.shard.Preparation;
import io.tiphys.controller.shard.RestingRuns;
import io.tiphys.controller.shard.ShardServices;
import io.tiphys.controller.shard.ShardSettings;
import io.tiphys.controller.shard.StatusRate;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Limits;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.definition.References;
import io.tiphys.messages.Records;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.AgentPlanner;
import io.tiphys.pods.PodPlanner;
import io.tiphys.pods.PodSettings;
import io.tiphys.testkit.simulator.Dice;
import io.tiphys.testkit.simulator.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a simulated process is made of: the real parts that decide, and simulated ones where the outside begins. */
final class ControllerParts {
    static final int MAX_NODES = 60;
    private static final ArtifactRepository REPOSITORY =
            ApiJson.mapper().convertValue(Map.of(), ArtifactRepository.class);
    private static final Records RECORDS = new Records("/simulation", World.SHARDS);

    /** Where events and agents' plugins would go, which are switched off. */
    private static final KubernetesClient NOWHERE =
            new KubernetesClientBuilder().withConfig(Config.empty()).build();

    private static final PodSettings PODS = new PodSettings(
            "executor",
            null,
            new ResourceRequirements(),
            "http://uploader",
            false,
            Duration.ofHours(1),
            Map.of(),
            null,
            null,
            Duration.ofSeconds(5),
            false,
            Set.of());

    /**
     * What the processes share.
     *
     * @param parallelism workflows that may run at once; 0 for no limit
     */
    record Outside(
            SimulatedCluster cluster,
            List<SimulatedPartition> journal,
            SimulatedInbox results,
            SimulatedInbox commands,
            SimulatedLockTopic locks,
            int parallelism) {}

    private final World world;
    private final Outside outside;
    private final SimulatedThreads threads;
    private final SimulatedPodGateway pods;
    private final SimulatedWorkflowGateway workflows;
    private final ReplicaLocks locks;
    private @Nullable ShardServices services;

    /** Whether all is there that a workflow needs to be taken up. */
    Predicate<Workflow> isPreparable = _ -> true;

    /** How many nodes of runs that are over stay in memory. */
    int restingNodes;

    /** What the shards show. */
    final MetricBoard board = new MetricBoard();

    /** What the shards will ask. */
    MemoCache caches = new NoCache();

    ControllerParts(String name, World world, Dice dice, Outside outside, SimulatedThreads.Host host) {
        this.world = world;
        this.outside = outside;
        this.restingNodes = dice.between(0, MAX_NODES);
        this.threads = new SimulatedThreads(world, dice.split(), host);
        this.pods = new SimulatedPodGateway(world, outside.cluster(), name);
        this.workflows = new SimulatedWorkflowGateway(world, outside.cluster(), name, dice.split());
        this.locks = new SimulatedLockBoard(outside.locks(), new Around(dice.split(), host::isAlive), name);
    }

    SimulatedPodGateway pods() {
        return pods;
    }

    SimulatedThreads threads() {
        return threads;
    }

    WorkflowGateway workflows() {
        return workflows;
    }

    ReplicaLocks locks() {
        return locks;
    }

    SimulatedInbox results() {
        return outside.results();
    }

    SimulatedInbox commands() {
        return outside.commands();
    }

    /** The limit of a lock that several may hold. */
    static OptionalInt limit(Outside outside, LockRequest.Kind kind) {
        return switch (kind) {
            case MUTEX -> OptionalInt.of(1);
            case SEMAPHORE -> OptionalInt.of(2);
            case PARALLELISM ->
                outside.parallelism() == 0 ? OptionalInt.empty() : OptionalInt.of(outside.parallelism());
        };
    }

    /** The parts as a shard gets them. */
    ShardServices services(Lease lease, Journal journal) {
        ShardServices made = services;
        if (made == null) {
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            ApiCalls calls =
                    new ApiCalls(new AdaptiveLimiter(1, 1, 1), metrics, Duration.ofMillis(1), Duration.ofMillis(1), 1);
            made = new ShardServices(
                    lease,
                    journal,
                    new JournalRecords(RECORDS),
                    RECORDS,
                    pods,
                    workflows,
                    calls,
                    new KubeEvents(NOWHERE, calls),
                    caches,
                    this::prepare,
                    new PodPlanner(PODS, _ -> "token"),
                    ImageCommands.NONE,
                    new AgentServices(
                            new NoTasks(),
                            new Plugins(NOWHERE, calls, false, Optional.empty()),
                            new AgentPlanner(PODS, _ -> "token")),
                    locks,
                    new RestingRuns(restingNodes),
                    Instance.ANY,
                    threads,
                    world.clock(),
                    new Pace(0),
                    new StatusRate(20),
                    metrics,
                    board,
                    new ShardSettings(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5),
                            false,
                            Duration.ofHours(1),
                            Duration.ZERO,
                            Duration.ZERO,
                            false,
                            false,
                            false,
                            EngineSettings.of(new Limits(MAX_NODES)),
                            Policies.NONE,
                            new RetentionPolicy(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()),
                            new PodRestarts(0)));
            services = made;
        }
        return made;
    }

    private Preparation.Outcome prepare(Workflow workflow, int shard) {
        if (!isPreparable.test(workflow)) {
            return new Preparation.Outcome.Unavailable("something is missing yet");
        }
        if (world.request() != World.Request.GOOD) {
            return new Preparation.Outcome.Unavailable("too many requests");
        }
        Workflow now = outside.cluster()
                .workflow(
                        workflow.getMetadata().getName(), workflow.getMetadata().getUid());
        if (now == null) {
            return new Preparation.Outcome.Unavailable("the workflow is gone");
        }
        return switch (workflow.getStatus().phase()) {
            case UNKNOWN, PENDING ->
                new Preparation.Outcome.Ready(Definition.of(workflow, References.NONE, REPOSITORY, null), null);
            case RUNNING, SUCCEEDED, FAILED, ERROR ->
                throw new AssertionError("workflow " + workflow.getMetadata().getName() + " is "
                        + workflow.getStatus().phase() + " and taken up as if its journal were lost");
        };
    }

    private final class Around implements SimulatedLockBoard.Surroundings {
        private final Dice dice;
        private final BooleanSupplier isAlive;

        Around(Dice dice, BooleanSupplier isAlive) {
            this.dice = dice;
            this.isAlive = isAlive;
        }

        @Override
        public VirtualTime time() {
            return world.time;
        }

        @Override
        public Dice dice() {
            return dice;
        }

        @Override
        public boolean fails(int oneIn) {
            return world.isKafkaAway() || world.fails(oneIn);
        }

        @Override
        public boolean isAlive() {
            return isAlive.getAsBoolean();
        }

        @Override
        public int shards() {
            return World.SHARDS;
        }

        @Override
        public OptionalInt limit(String lock, LockRequest.Kind kind) {
            return ControllerParts.limit(outside, kind);
        }

        @Override
        public boolean limitsWorkflows() {
            return outside.parallelism() > 0;
        }
    }

    private static final class NoCache implements MemoCache {
        @Override
        public Answer lookUp(String namespace, String cache, String key) {
            return new Answer.Nothing();
        }

        @Override
        public Optional<String> save(
                String namespace, String cache, String key, String nodeId, @Nullable Outputs outputs) {
            return Optional.empty();
        }
    }

    private static final class NoTasks implements TaskSetGateway {
        @Override
        public void replace(WorkflowRef workflow, int shard, Map<String, String> tasks) {
            throw new AssertionError("no template of a simulation is the agent's");
        }

        @Override
        public boolean change(WorkflowRef workflow, Map<String, Optional<String>> tasks) {
            throw new AssertionError("no template of a simulation is the agent's");
        }

        @Override
        public void complete(WorkflowRef workflow) {}
    }

    static JsonNode json(Object value) {
        return ApiJson.mapper().valueToTree(value);
    }
}
