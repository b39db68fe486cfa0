package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What counts of a partition, whatever its writers and compaction did to it. */
class PartitionContentsTest {
    private static final WorkflowRef WORKFLOW = new WorkflowRef("default", "w", "uid");

    private final Records records = new Records("/test", Topics.SHARDS);
    private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();

    @Test
    void aCommitCountsThoughCompactionTookItsEnd() throws Exception {
        claim("one");
        write("one", commit(1, List.of(node("a", 1, "running"), node("b", 1, "running"), node("c", 1, "running"))));
        write("one", List.of(node("c", 2, "done")));

        assertThat(states(compacted())).containsOnly(at("a", "running"), at("b", "running"), at("c", "done"));
        assertThat(contents(compacted()).repairs()).isEmpty();
    }

    @Test
    void aRepairThatWasItselfCutOffIsDoneAgain() throws Exception {
        claim("one");
        write("one", commit(1, List.of(node("a", 1, "running"), node("b", 1, "running"))));
        write(
                "one",
                commit(2, List.of(node("c", 2, "omitted"), node("a", 2, "done"), node("b", 2, "done")))
                        .subList(0, 2));
        claim("two");
        List<Repair> repairs = contents(log).repairs();
        assertThat(repairs).extracting(Repair::key).containsOnly("uid/c", "uid/a");
        for (Repair first : repairs) {
            List<ConsumerRecord<String, byte[]>> before = List.copyOf(log);
            write("two", List.of(repaired(first)));
            claim("three");

            assertThat(states(log)).containsOnly(at("a", "running"), at("b", "running"));
            assertThat(states(compacted())).as("after compaction").doesNotContain(at("a", "done"));
            List<Repair> rest = contents(log).repairs();
            assertThat(rest).extracting(Repair::key).hasSize(1).doesNotContain(first.key());
            write("three", List.of(repaired(rest.getFirst())));
            assertThat(contents(log).repairs()).isEmpty();
            assertThat(states(compacted())).containsOnly(at("a", "running"), at("b", "running"));
            log.clear();
            log.addAll(before);
        }
    }

    @Test
    void aRepairOfAnotherKindLeavesACommitThatIsThere() throws Exception {
        claim("one");
        write("one", List.of(node("x", 1, "running")));
        write("one", commit(2, List.of(node("a", 2, "running"), node("b", 2, "running"))));
        claim("two");
        write("one", List.of(node("x", 3, "lost")));
        claim("three");
        write("three", List.of(repaired(contents(log).repairs().getFirst())));
        write("three", List.of(node("b", 3, "done")));

        assertThat(states(log)).containsOnly(at("x", "running"), at("a", "running"), at("b", "done"));
        assertThat(states(compacted())).containsOnly(at("x", "running"), at("a", "running"), at("b", "done"));
    }

    @Test
    void whatAReplacedWriterAddsToItsCommitDoesNotCompleteIt() throws Exception {
        claim("one");
        write("one", List.of(node("a", 1, "running")));
        List<ProducerRecord<String, byte[]>> commit = commit(2, List.of(node("b", 2, "omitted"), node("a", 2, "done")));
        write("one", commit.subList(0, 1));
        claim("two");
        write("one", commit.subList(1, 2));

        assertThat(states(log)).containsOnly(at("a", "running"));
        assertThat(contents(log).repairs()).extracting(Repair::key).containsOnly("uid/a", "uid/b");
    }

    private ProducerRecord<String, byte[]> node(String node, long seq, String state) {
        return records.toRecord(new NodeChange(
                WORKFLOW,
                node,
                seq,
                Instant.EPOCH,
                Records.mapper().createObjectNode(),
                Records.mapper().createObjectNode().put("state", state)));
    }

    private static List<ProducerRecord<String, byte[]>> commit(long seq, List<ProducerRecord<String, byte[]>> records) {
        Commit commit = new Commit(seq);
        records.forEach(record -> commit.add(() -> record));
        return commit.records().stream().map(Supplier::get).toList();
    }

    private ProducerRecord<String, byte[]> repaired(Repair repair) {
        return repair.record("journal", 0, repair.offset() < 0 ? null : log.get((int) repair.offset()));
    }

    private void claim(String writer) {
        add(PartitionContents.CLAIM + writer, new byte[0], new RecordHeaders());
    }

    private void write(String writer, List<ProducerRecord<String, byte[]>> written) {
        for (ProducerRecord<String, byte[]> record : written) {
            RecordHeaders headers = new RecordHeaders(record.headers().toArray());
            headers.remove(PartitionContents.WRITER).add(PartitionContents.WRITER, writer.getBytes(UTF_8));
            add(record.key(), record.value(), headers);
        }
    }

    private void add(String key, byte[] value, RecordHeaders headers) {
        log.add(new ConsumerRecord<>(
                "journal", 0, log.size(), 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty()));
    }

    /** The newest record of each key, in their order. */
    private List<ConsumerRecord<String, byte[]>> compacted() {
        Map<String, ConsumerRecord<String, byte[]>> newest = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : log) {
            newest.remove(record.key());
            newest.put(record.key(), record);
        }
        return List.copyOf(newest.values());
    }

    private static PartitionContents contents(List<ConsumerRecord<String, byte[]>> log) throws Exception {
        PartitionContents contents = new PartitionContents();
        for (ConsumerRecord<String, byte[]> record : log) {
            contents.apply(record);
        }
        return contents;
    }

    private static Map<String, String> states(List<ConsumerRecord<String, byte[]>> log) throws Exception {
        Map<String, String> states = new TreeMap<>();
        JournaledRun run = contents(log).runs().get(WORKFLOW.uid());
        if (run != null) {
            for (var node : run.nodes().entrySet()) {
                states.put(
                        node.getKey(),
                        Records.mapper()
                                .readTree(node.getValue().state())
                                .path("state")
                                .asText());
            }
        }
        return states;
    }

    private static Map.Entry<String, String> at(String node, String state) {
        return Map.entry(node, state);
    }
}
