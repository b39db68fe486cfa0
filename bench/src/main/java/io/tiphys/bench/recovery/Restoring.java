package io.tiphys.bench.recovery;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.bench.engine.Pods;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.journal.KafkaJournal;
import io.tiphys.controller.shard.Definition;
import io.tiphys.controller.shard.Restoration;
import io.tiphys.engine.Command;
import io.tiphys.engine.Engine;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Input;
import io.tiphys.engine.Limits;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import io.tiphys.messages.Shards;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowRef;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The journal of a large run, written to a broker as a controller writes it (each node three times: made, running, ended), with
 * the last hundred nodes still running; and the run made of it again, by the controller's own code.
 */
final class Restoring {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final int BATCH = 500;
    private static final int STILL_RUNNING = 100;
    private static final int TIMES = 3;

    private final WorkflowRef ref = new WorkflowRef("default", "large", "bench-recover-large");
    private final JournalRecords records = new JournalRecords(new Records("/tiphys/bench", Topics.SHARDS));
    private Map<String, Node> changed = new LinkedHashMap<>();
    private long seq;
    private long written;
    private long bytes;

    static void measure(String kafka, int nodes) throws InterruptedException {
        try (Admin admin = KafkaClients.admin(kafka, "bench")) {
            Topics.ensure(admin);
        }
        Restoring bench = new Restoring();
        int shard = Shards.of(bench.ref.uid(), Topics.SHARDS);
        try (KafkaJournal journal =
                new KafkaJournal(kafka, KafkaClients.producer(kafka, "bench"), new SimpleMeterRegistry())) {
            journal.open(shard);
            bench.write(journal, nodes);
            System.out.printf(
                    "recover: %d records of %d nodes written, %.0f MB before compression%n",
                    bench.written, nodes, bench.bytes / 1e6);
        }
        for (int time = 1; time <= TIMES; time++) {
            read(kafka, shard, bench.ref.uid(), time);
        }
    }

    private static void read(String kafka, int shard, String uid, int time) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (KafkaJournal journal =
                new KafkaJournal(kafka, KafkaClients.producer(kafka, "bench"), new SimpleMeterRegistry())) {
            long cpu = system.getProcessCpuTime();
            long begun = System.nanoTime();
            JournaledRun journaled = Objects.requireNonNull(journal.open(shard).get(uid));
            long opened = System.nanoTime();
            Run run = Restoration.of(journaled, EngineSettings.DEFAULT)
                    .orElseThrow()
                    .run();
            long restored = System.nanoTime();
            System.out.printf(
                    "recover: restore %d: %d nodes in %.2f s (journal read %.2f s, run made %.2f s), %.2f s of CPU%n",
                    time,
                    run.nodeCount(),
                    (restored - begun) / 1e9,
                    (opened - begun) / 1e9,
                    (restored - opened) / 1e9,
                    (system.getProcessCpuTime() - cpu) / 1e9);
        }
    }

    private void write(KafkaJournal journal, int nodes) throws InterruptedException {
        Workflow workflow = Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: large, namespace: default, uid: %s}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: item, template: work, withSequence: {count: "%d"}, arguments: {parameters: [{name: n, value: "{{item}}"}]}}
                  - name: work
                    inputs: {parameters: [{name: n}]}
                    container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.n}}"]}
                """.formatted(ref.uid(), nodes), Workflow.class);
        References references = new References(Map.of(), Map.of());
        Definition definition = Definition.of(
                workflow, references, ApiJson.mapper().convertValue(Map.of(), ArtifactRepository.class), null);
        Run run = Run.create(WorkflowDefinition.compile(workflow, references, Limits.DEFAULT));
        List<ProducerRecord<String, byte[]>> batch = new ArrayList<>();
        batch.add(records.definition(ref, ++seq, AT, ApiJson.mapper().valueToTree(definition)));
        int left = nodes - STILL_RUNNING;
        ArrayDeque<Input> inputs = new ArrayDeque<>(List.of(new Input.Started(AT)));
        for (Input input = inputs.poll(); input != null; input = inputs.poll()) {
            Transition transition = Engine.step(run, input);
            transition.changedNodes().forEach(node -> changed.put(node.id(), node));
            for (Command command : transition.commands()) {
                if (command instanceof Command.EnsurePod order && left-- > 0) {
                    Pods.ordered(order, AT, inputs::add);
                }
            }
            collect(run, batch, transition.runChanged());
            if (batch.size() >= BATCH) {
                journal.append(batch);
                batch.clear();
            }
        }
        collect(run, batch, true);
        journal.append(batch);
    }

    private void collect(Run run, List<ProducerRecord<String, byte[]>> batch, boolean runChanged) {
        int before = batch.size();
        seq++;
        changed.values().forEach(node -> batch.add(records.node(ref, seq, AT, run, node)));
        changed = new LinkedHashMap<>();
        if (runChanged) {
            batch.add(records.run(ref, seq, AT, run, List.of()));
        }
        batch.subList(before, batch.size()).forEach(record -> bytes += record.value().length);
        written += batch.size() - before;
    }
}
