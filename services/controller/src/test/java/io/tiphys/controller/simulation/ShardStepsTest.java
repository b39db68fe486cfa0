package io.tiphys.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tiphys.api.Manifests;
import io.tiphys.api.Outputs;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
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
import io.tiphys.controller.shard.ShardProbe;
import io.tiphys.messages.Shards;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What simulations found, step by step with one shard. */
class ShardStepsTest {
    private static final String ONE_POD = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                container: {image: busybox}
            """;

    private static final String MANY_PODS = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                steps:
                - - {name: a, template: pod, withSequence: {count: "20"}}
              - name: pod
                container: {image: busybox}
            """;

    private static final String SUSPENDED = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                suspend: {}
            """;

    private final World world = new World(Dice.of(1));
    private final SimulatedCluster cluster = new SimulatedCluster(world);
    private final Rules rules = new Rules(_ -> 1);
    private final List<SimulatedPartition> partitions = new ArrayList<>();
    private final OwnJournal journal = new OwnJournal();
    private final List<String> processed = new ArrayList<>();
    private boolean failsNext;
    private @Nullable ControllerParts parts;
    private final AwayCache caches = new AwayCache();

    private static final class AwayCache implements MemoCache {
        private int refusals;

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
            return partitions.get(shard).read(uids);
        }

        @Override
        public void reject(int shard, long offset, String reason) {}

        @Override
        public void close() {}
    }

    private static final class Alone implements SimulatedThreads.Host {
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

    private Shard shard(WorkflowRef workflow) throws InterruptedException {
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
        Shard shard = new Shard(
                Shards.of(workflow.uid(), World.SHARDS), parts.services(Lease.unlimited(), journal), () -> {});
        shard.begin();
        return shard;
    }

    private WorkflowRef create(String manifest) {
        world.calmDown();
        var meta = cluster.create(Manifests.read(manifest, Workflow.class)).getMetadata();
        return new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
    }

    private Workflow workflow() {
        return Objects.requireNonNull(cluster.workflows.get("w"));
    }

    private Pod pod(String name) {
        return Objects.requireNonNull(cluster.pods.get(name));
    }

    private void tellAll(Shard shard, int generation) {
        shard.post(new ShardInput.Synced(
                cluster.workflows.list(),
                cluster.pods.list().stream()
                        .flatMap(pod -> PodObservations.of(pod).stream())
                        .toList(),
                generation));
    }

    /** Turn by turn until nothing happens for so long. */
    private void during(Duration time, Shard shard) throws InterruptedException {
        Instant until = world.time.now().plus(time);
        world.time.at(until, () -> {});
        while (world.time.now().isBefore(until)) {
            shard.turn();
            shard.nextTimer().filter(at -> at.isBefore(until)).ifPresent(at -> world.time.at(at, () -> {}));
            world.time.advance();
        }
        shard.turn();
    }

    private void resume(Shard shard, WorkflowRef workflow) {
        shard.post(new ShardInput.CommandArrived(
                new WorkflowCommand.Resume("c1", workflow, world.time.now(), null), () -> processed.add("c1")));
    }

    @Test
    void whatWasTakenWhenTheJournalFailedIsTakenAgain() throws InterruptedException {
        WorkflowRef workflow = create(SUSPENDED);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);

        resume(shard, workflow);
        failsNext = true;
        assertThatThrownBy(shard::turn).isInstanceOf(JournalException.class);
        assertThat(processed).isEmpty();
        shard.startOver();
        shard.begin();
        tellAll(shard, 2);
        during(Duration.ofSeconds(5), shard);

        assertThat(processed).containsExactly("c1");
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();
    }

    @Test
    void aCommandThatWaitsForItsWorkflowIsNotDealtWithYet() throws InterruptedException {
        WorkflowRef workflow = create(SUSPENDED);
        Shard shard = shard(workflow);
        shard.post(new ShardInput.Synced(List.of(), List.of(), 1));
        resume(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        assertThat(processed).isEmpty();

        shard.post(new ShardInput.WorkflowSeen(workflow(), 1));
        during(Duration.ofSeconds(5), shard);
        assertThat(processed).containsExactly("c1");
    }

    @Test
    void podsThatWaitToBeCreatedWhenTheirWorkflowIsStoppedNeverAre() throws InterruptedException {
        WorkflowRef workflow = create(MANY_PODS);
        Shard shard = shard(workflow);
        Set<String> created = new HashSet<>();
        cluster.pods.onChange((pod, isGone) -> created.add(pod.getMetadata().getName()));
        tellAll(shard, 1);
        while (ShardProbe.orderedPods(shard).isEmpty()) {
            shard.turn();
            world.time.advance();
        }
        int before = created.size();
        cluster.change(
                "w",
                workflow.uid(),
                current -> current.withSpec(current.getSpec().withShutdown("Terminate")));
        shard.post(new ShardInput.WorkflowSeen(workflow(), 1));
        shard.turn();
        during(Duration.ofMinutes(1), shard);

        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();
        assertThat(created).hasSize(before);
    }

    @Test
    void aPodWhoseEndWasAskedForInVainIsAskedAgain() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        Pod pod = cluster.pods.list().getFirst();
        String name = pod.getMetadata().getName();
        cluster.changeSpec(
                name, spec -> new PodSpecBuilder(spec).withNodeName("n").build());
        cluster.change(
                name,
                SimulatedCluster.uid(pod),
                meta -> meta,
                new PodStatusBuilder().withPhase("Running").build());
        PodObservation running = PodObservations.of(pod(name)).orElseThrow();
        shard.post(new ShardInput.PodSeen(running, 1));
        during(Duration.ofSeconds(1), shard);
        Workflow known = workflow();
        shard.post(new ShardInput.WorkflowSeen(known.withSpec(terminated().getSpec()), 1));
        during(Duration.ofSeconds(10), shard);
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();

        // as if the API server had refused the request until we gave up: the pod runs on
        cluster.changeSpec(
                name,
                spec -> new PodSpecBuilder(spec).withActiveDeadlineSeconds(null).build());
        during(Duration.ofMinutes(2), shard);

        assertThat(pod(name).getSpec().getActiveDeadlineSeconds()).isEqualTo(1);
    }

    @Test
    void labelsThatWereWrittenLateAreSetRight() throws InterruptedException {
        WorkflowRef workflow = create(SUSPENDED);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        resume(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        shard.post(new ShardInput.WorkflowSeen(workflow(), 1));
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getMetadata().getLabels()).containsEntry("workflows.argoproj.io/phase", "Succeeded");

        cluster.change(
                "w",
                workflow.uid(),
                at -> at.withMetadata(new ObjectMetaBuilder(at.getMetadata())
                        .addToLabels("workflows.argoproj.io/phase", "Running")
                        .build()));
        shard.post(new ShardInput.WorkflowSeen(workflow(), 1));
        during(Duration.ofSeconds(20), shard);

        assertThat(workflow().getMetadata().getLabels()).containsEntry("workflows.argoproj.io/phase", "Succeeded");
    }

    @Test
    void aPodThatCouldNotBeLabelledIsLabelledLater() throws InterruptedException {
        Shard shard = shard(create(ONE_POD));
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        String name = cluster.pods.list().getFirst().getMetadata().getName();
        ended(name);
        Objects.requireNonNull(parts).pods().isAway = true;
        shard.post(new ShardInput.PodSeen(PodObservations.of(pod(name)).orElseThrow(), 1));
        during(Duration.ofSeconds(20), shard);
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();
        assertThat(pod(name).getMetadata().getLabels()).containsEntry("workflows.argoproj.io/completed", "false");

        Objects.requireNonNull(parts).pods().isAway = false;
        during(Duration.ofMinutes(1), shard);

        assertThat(pod(name).getMetadata().getLabels()).containsEntry("workflows.argoproj.io/completed", "true");
    }

    @Test
    void aCacheThatIsAwayIsAskedAgain() throws InterruptedException {
        Shard shard = shard(create(ONE_POD.replace("busybox}", "busybox, command: [\"true\"]}")
                .replace("container:", "memoize: {key: k, cache: {configMap: {name: c}}}\n    container:")));
        caches.refusals = 3;
        tellAll(shard, 1);
        during(Duration.ofSeconds(2), shard);
        assertThat(cluster.pods.list()).isEmpty();
        assertThat(workflow().getStatus().phase()).isNotEqualTo(WorkflowPhase.ERROR);

        during(Duration.ofSeconds(20), shard);

        assertThat(cluster.pods.list()).hasSize(1);
    }

    private void ended(String pod) {
        cluster.changeSpec(
                pod, spec -> new PodSpecBuilder(spec).withNodeName("n").build());
        cluster.change(
                pod,
                SimulatedCluster.uid(pod(pod)),
                meta -> meta,
                new PodStatusBuilder().withPhase("Succeeded").build());
    }

    private static Workflow terminated() {
        return Manifests.read(ONE_POD.replace("spec:\n", "spec:\n  shutdown: Terminate\n"), Workflow.class);
    }
}
