package io.tiphys.controller.simulation;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifests;
import io.tiphys.api.Outputs;
import io.tiphys.api.Workflow;
import io.tiphys.controller.cache.MemoCache;
import io.tiphys.controller.journal.Journal;
import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.journal.SimulatedPartition;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.kube.PodObservations;
import io.tiphys.controller.locks.SimulatedLockTopic;
import io.tiphys.controller.shard.Lease;
import io.tiphys.controller.shard.Shard;
import io.tiphys.controller.shard.ShardInput;
import io.tiphys.messages.Shards;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.Names;
import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One shard among simulated parts, which a test drives turn by turn: its journal and its caches fail when they are told to, nothing else does.
 */
abstract class OneShard {
    static final String ONE_POD = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                container: {image: busybox}
            """;

    final World world = new World(Dice.of(1));
    final SimulatedCluster cluster = new SimulatedCluster(world);
    final Rules rules = new Rules(_ -> 1);
    private final List<SimulatedPartition> partitions = new ArrayList<>();
    private final OwnJournal journal = new OwnJournal();
    final List<String> processed = new ArrayList<>();
    boolean failsNext;
    int unreadableFor;
    int restingNodes = 100;

    @Nullable
    ControllerParts parts;

    final AwayCache caches = new AwayCache();

    static final class AwayCache implements MemoCache {
        int refusals;

        @Override
        public Answer lookUp(String namespace, String cache, String key) {
            return refusals-- > 0 ? new Answer.Unavailable("connection reset") : new Answer.Nothing();
        }

        @Override
        public Optional<String> save(
                String namespace, String cache, String key, String nodeId, @Nullable Outputs outputs) {
            return Optional.empty();
        }
    }

    private final class OwnJournal implements Journal {
        private SimulatedPartition.@Nullable Writer writer;

        @Override
        public Map<String, JournaledRun> open(int shard) {
            SimulatedPartition.Opened opened = partitions.get(shard).open();
            writer = opened.writer();
            return opened.runs();
        }

        @Override
        public void append(List<ProducerRecord<String, byte[]>> records) {
            if (failsNext || writer == null) {
                failsNext = false;
                throw new JournalException("Kafka is away", null);
            }
            writer.append(records);
        }

        @Override
        public void announce(List<ProducerRecord<String, byte[]>> records) {}

        @Override
        public void send(ProducerRecord<String, byte[]> record, Runnable sent) {}

        @Override
        public Map<String, JournaledRun> read(int shard, Set<String> uids) {
            if (unreadableFor > 0) {
                unreadableFor--;
                throw new JournalException("Kafka is away", null);
            }
            return partitions.get(shard).read(uids);
        }

        @Override
        public void reject(int shard, long offset, String reason) {}

        @Override
        public void close() {}
    }

    static final class Alone implements SimulatedThreads.Host {
        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public void ordered() {}

        @Override
        public boolean mayAct() {
            return true;
        }

        @Override
        public boolean actAsOf(Instant then, Runnable action) {
            action.run();
            return true;
        }
    }

    Shard shard(WorkflowRef workflow) throws InterruptedException {
        for (int i = 0; i < World.SHARDS; i++) {
            partitions.add(new SimulatedPartition(i, rules));
        }
        cluster.pods.onChange((pod, isGone) -> rules.podSeen(pod));
        parts = new ControllerParts(
                "alone",
                world,
                Dice.of(2),
                new ControllerParts.Outside(
                        cluster, partitions, new SimulatedInbox(), new SimulatedInbox(), new SimulatedLockTopic(), 0),
                new Alone());
        parts.caches = caches;
        parts.restingNodes = restingNodes;
        return successor(workflow);
    }

    /** The same shard, in other hands. */
    Shard successor(WorkflowRef workflow) throws InterruptedException {
        Shard shard = new Shard(
                Shards.of(workflow.uid(), World.SHARDS),
                Objects.requireNonNull(parts).services(Lease.unlimited(), journal),
                () -> {});
        shard.begin();
        return shard;
    }

    WorkflowRef create(String manifest) {
        world.calmDown();
        var meta = cluster.create(Manifests.read(manifest, Workflow.class)).getMetadata();
        return new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
    }

    Workflow workflow() {
        return Objects.requireNonNull(cluster.workflows.get("w"));
    }

    Pod pod(String name) {
        return Objects.requireNonNull(cluster.pods.get(name));
    }

    void tellAll(Shard shard, int generation) {
        shard.post(new ShardInput.Synced(
                cluster.workflows.list(),
                cluster.pods.list().stream()
                        .flatMap(pod -> PodObservations.of(pod).stream())
                        .toList(),
                generation));
    }

    /** The workflow's shard when the workflow has run for three seconds. */
    Shard begun(WorkflowRef workflow) throws InterruptedException {
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(3), shard);
        return shard;
    }

    void podSeen(Shard shard, String name) {
        shard.post(new ShardInput.PodSeen(PodObservations.of(pod(name)).orElseThrow(), 1));
    }

    void workflowSeen(Shard shard) {
        shard.post(new ShardInput.WorkflowSeen(workflow(), 1));
    }

    /** Turn by turn until nothing happens for so long. */
    void during(Duration time, Shard shard) throws InterruptedException {
        Instant until = world.time.now().plus(time);
        world.time.at(until, () -> {});
        while (world.time.now().isBefore(until)) {
            shard.turn();
            shard.nextTimer().filter(at -> at.isBefore(until)).ifPresent(at -> world.time.at(at, () -> {}));
            world.time.advance();
        }
        shard.turn();
    }

    void resume(Shard shard, WorkflowRef workflow) {
        shard.post(new ShardInput.CommandArrived(
                new WorkflowCommand.Resume("c1", workflow, world.time.now(), null), () -> processed.add("c1")));
    }

    void retry(Shard shard, WorkflowRef workflow) {
        rules.of(workflow.uid()).retries++;
        shard.post(new ShardInput.CommandArrived(
                new WorkflowCommand.Retry("c1", workflow, world.time.now(), false, null, List.of()),
                () -> processed.add("c1")));
    }

    /** The scheduler has found a node for it. */
    void placed(String pod) {
        cluster.changeSpec(
                pod, spec -> new PodSpecBuilder(spec).withNodeName("n").build());
    }

    /** Its main has ended, and what its executor says of that is under way. */
    void endedAwaitingItsReport(Shard shard, String phase, int exitCode) {
        placed("w");
        cluster.change(
                "w",
                SimulatedCluster.uid(pod("w")),
                meta -> meta,
                new PodStatusBuilder()
                        .withPhase(phase)
                        .withContainerStatuses(terminated("main", exitCode))
                        .withInitContainerStatuses(terminated(Names.EXECUTOR, 0))
                        .build());
        podSeen(shard, "w");
    }

    private static ContainerStatus terminated(String container, int exitCode) {
        return new ContainerStatusBuilder()
                .withName(container)
                .withNewState()
                .withNewTerminated()
                .withExitCode(exitCode)
                .endTerminated()
                .endState()
                .build();
    }

    void podGone(Shard shard) {
        PodObservation last = PodObservations.of(pod("w")).orElseThrow();
        cluster.removePod("w", last.podUid());
        shard.post(new ShardInput.PodGone(last));
    }

    void report(Shard shard, String podUid) {
        var outputs = ApiJson.mapper().createObjectNode();
        outputs.putArray("parameters").addObject().put("name", "p").put("value", SimulatedKubelet.FROM + podUid);
        var meta = workflow().getMetadata();
        shard.post(new ShardInput.ResultArrived(
                new TaskResult(
                        new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid()),
                        "w",
                        "w",
                        podUid,
                        world.time.now(),
                        null,
                        null,
                        outputs,
                        null,
                        true),
                () -> processed.add(podUid)));
    }

    void ended(String pod) {
        placed(pod);
        cluster.change(
                pod,
                SimulatedCluster.uid(pod(pod)),
                meta -> meta,
                new PodStatusBuilder().withPhase("Succeeded").build());
    }
}
