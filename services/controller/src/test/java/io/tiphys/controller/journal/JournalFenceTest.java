package io.tiphys.controller.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.parts.TestBroker;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.Shards;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two controllers that both think that they own a shard. */
class JournalFenceTest {
    private static TestBroker broker;

    private final Records records = new Records("/test", Topics.SHARDS);

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start(Files.createTempDirectory("tiphys-kafka"));
        try (Admin admin = KafkaClients.admin(broker.bootstrapServers(), "test")) {
            Topics.ensure(admin);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaJournal journal() {
        return new KafkaJournal(
                broker.bootstrapServers(),
                KafkaClients.producer(broker.bootstrapServers(), "test"),
                new SimpleMeterRegistry());
    }

    @Test
    void whatAReplacedControllerWritesCountsForNothingAndIsWrittenOver() throws Exception {
        WorkflowRef workflow = new WorkflowRef("default", "fenced", "uid-fenced");
        int shard = Shards.of(workflow.uid(), Topics.SHARDS);
        try (KafkaJournal zombie = journal();
                KafkaJournal owner = journal();
                KafkaJournal third = journal()) {
            zombie.open(shard);
            zombie.append(List.of(change(workflow, "a", 1, "running")));
            assertThat(states(owner.open(shard), workflow)).containsExactly(Map.entry("a", "running"));
            owner.append(List.of(change(workflow, "a", 2, "done")));

            assertThatThrownBy(() ->
                            zombie.append(List.of(change(workflow, "a", 2, "lost"), change(workflow, "b", 2, "never"))))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("somebody else");
            assertThatThrownBy(() -> zombie.append(List.of(change(workflow, "a", 3, "again"))))
                    .isInstanceOf(JournalException.class);

            assertThatThrownBy(() -> owner.append(List.of(change(workflow, "c", 3, "running"))))
                    .as("the owner finds out that somebody wrote")
                    .isInstanceOf(JournalException.class);
            assertThat(states(owner.open(shard), workflow))
                    .containsOnly(Map.entry("a", "done"), Map.entry("c", "running"));
            assertThat(states(third.open(shard), workflow))
                    .containsOnly(Map.entry("a", "done"), Map.entry("c", "running"));

            // as compaction leaves it: the newest record of each key, whoever wrote it
            assertThat(newestStates(shard, workflow)).containsOnly(Map.entry("a", "done"), Map.entry("c", "running"));
        }
    }

    @Test
    void runsThatAreOverAreNotReadUnlessSomebodyAsks() throws Exception {
        WorkflowRef over = new WorkflowRef("default", "over", "uid-over");
        int shard = Shards.of(over.uid(), Topics.SHARDS);
        try (KafkaJournal writer = journal();
                KafkaJournal reader = journal()) {
            writer.open(shard);
            writer.append(List.of(change(over, "n", 1, "done"), run(over, 1, "Succeeded")));

            JournaledRun known = Objects.requireNonNull(reader.open(shard).get(over.uid()));
            assertThat(known.isFinished()).isTrue();
            assertThat(known.nodes()).isEmpty();
            assertThat(states(reader.read(shard, Set.of(over.uid())), over)).containsExactly(Map.entry("n", "done"));

            // retried: what was over isn't any more, and its nodes are older than that
            reader.append(List.of(change(over, "m", 2, "running"), run(over, 2, "Running")));
            try (KafkaJournal third = journal()) {
                assertThat(states(third.open(shard), over))
                        .containsOnly(Map.entry("n", "done"), Map.entry("m", "running"));
            }
        }
    }

    @Test
    void ofACommitThatWasCutOffNothingCountsAndItIsWrittenOver() throws Exception {
        WorkflowRef workflow = new WorkflowRef("default", "cut", "uid-cut");
        WorkflowRef other = new WorkflowRef("default", "other", "uid-cut-other");
        WorkflowRef over = new WorkflowRef("default", "over", "uid-cut-over");
        int shard = Shards.of(workflow.uid(), Topics.SHARDS);
        try (KafkaJournal first = journal();
                KafkaJournal second = journal();
                KafkaJournal third = journal()) {
            first.open(shard);
            first.append(inShard(
                    shard,
                    commit(1, List.of(change(workflow, "a", 1, "running"), change(workflow, "b", 1, "running")))));
            first.append(inShard(shard, commit(1, List.of(change(over, "n", 1, "failed"), run(over, 1, "Failed")))));
            // whoever wrote this died in between; of another workflow it had got to the end
            List<ProducerRecord<String, byte[]>> lost = commit(
                    2,
                    List.of(
                            change(workflow, "c", 2, "omitted"),
                            change(workflow, "a", 2, "done"),
                            run(workflow, 2, "Failed")));
            List<ProducerRecord<String, byte[]>> retry =
                    commit(2, List.of(records.nodeTombstone(over.uid(), "n"), run(over, 2, "Running")));
            first.append(inShard(
                    shard, commit(1, List.of(change(other, "x", 1, "running"), change(other, "y", 1, "running")))));
            first.append(inShard(shard, lost.subList(0, 2)));
            first.append(inShard(shard, retry.subList(0, 1)));

            Map<String, JournaledRun> restored = second.open(shard);
            assertThat(states(restored, workflow)).containsOnly(Map.entry("a", "running"), Map.entry("b", "running"));
            assertThat(states(restored, other)).containsOnly(Map.entry("x", "running"), Map.entry("y", "running"));
            assertThat(Objects.requireNonNull(restored.get(over.uid())).isFinished())
                    .isTrue();
            assertThat(Objects.requireNonNull(restored.get(workflow.uid())).seq())
                    .as("a number that readers have seen isn't used again")
                    .isEqualTo(2);

            // as compaction leaves it: the newest record of each key
            assertThat(newestStates(shard, workflow))
                    .containsOnly(Map.entry("a", "running"), Map.entry("b", "running"));
            assertThat(newestStates(shard, over)).containsKey("n");

            second.append(inShard(
                    shard, commit(3, List.of(change(workflow, "a", 3, "failed"), change(workflow, "b", 3, "failed")))));
            assertThat(states(third.open(shard), workflow))
                    .containsOnly(Map.entry("a", "failed"), Map.entry("b", "failed"));
            assertThat(states(third.read(shard, Set.of(over.uid())), over)).containsOnly(Map.entry("n", "failed"));
        }
    }

    private static List<ProducerRecord<String, byte[]>> commit(long seq, List<ProducerRecord<String, byte[]>> records) {
        Commit commit = new Commit(seq);
        records.forEach(record -> commit.add(() -> record));
        return commit.records().stream().map(Supplier::get).toList();
    }

    private static List<ProducerRecord<String, byte[]>> inShard(
            int shard, List<ProducerRecord<String, byte[]>> records) {
        return records.stream()
                .map(each -> new ProducerRecord<>(each.topic(), shard, each.key(), each.value(), each.headers()))
                .toList();
    }

    private ProducerRecord<String, byte[]> change(WorkflowRef workflow, String node, long seq, String state) {
        return records.toRecord(new NodeChange(
                workflow,
                node,
                seq,
                Instant.now(),
                Records.mapper().createObjectNode(),
                Records.mapper().createObjectNode().put("state", state)));
    }

    private ProducerRecord<String, byte[]> run(WorkflowRef workflow, long seq, String phase) {
        var state = Records.mapper().createObjectNode();
        state.putObject("run").put("phase", phase);
        return records.toRecord(new NodeChange(
                workflow, "", seq, Instant.now(), Records.mapper().createObjectNode(), state));
    }

    private static Map<String, String> states(Map<String, JournaledRun> runs, WorkflowRef workflow) {
        Map<String, String> states = new TreeMap<>();
        JournaledRun run = runs.get(workflow.uid());
        if (run != null) {
            run.nodes().forEach((id, entry) -> states.put(id, state(entry.state())));
        }
        return states;
    }

    private static String state(byte[] json) {
        try {
            return Records.mapper().readTree(json).path("state").asText();
        } catch (IOException e) {
            throw new AssertionError(new String(json, StandardCharsets.UTF_8), e);
        }
    }

    private static Map<String, String> newestStates(int shard, WorkflowRef workflow) throws Exception {
        Map<String, String> newest = new TreeMap<>();
        var partition = new TopicPartition(Topics.NODE_CHANGES.name(), shard);
        try (var consumer = KafkaClients.consumer(broker.bootstrapServers(), "test", Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.key().startsWith(workflow.uid() + "/")) {
                        String node = record.key().substring(record.key().indexOf('/') + 1);
                        if (record.value() == null) {
                            newest.remove(node);
                        } else {
                            newest.put(
                                    node,
                                    Records.mapper()
                                            .readTree(record.value())
                                            .at("/state/state")
                                            .asText());
                        }
                    }
                }
            }
        }
        return newest;
    }
}
