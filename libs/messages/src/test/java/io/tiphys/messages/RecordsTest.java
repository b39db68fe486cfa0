package io.tiphys.messages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsTest {
    private static final WorkflowRef WORKFLOW =
            new WorkflowRef("argo", "hello", "0f8fad5b-d9cb-469f-a165-70867728950e");
    private static final Instant AT = Instant.parse("2026-11-22T20:00:00.123Z");
    private static final JsonNode DOCUMENT = Records.mapper().createObjectNode().put("phase", "Running");

    private final Records records = new Records("/tiphys/test", 64);

    static Stream<Message> messages() {
        return Stream.of(
                new WorkflowCommand.Resume("c1", WORKFLOW, AT, "displayName=approve"),
                new WorkflowCommand.Retry("c2", WORKFLOW, AT, true, null, List.of("a=b")),
                new WorkflowCommand.SetNode("c3", WORKFLOW, AT, null, "Succeeded", "ok", Map.of("x", "1")),
                new WorkflowCommand.StopNodes("c4", WORKFLOW, AT, "name=x", null),
                new NodeChange(WORKFLOW, "hello-123", 7, AT, DOCUMENT, DOCUMENT),
                new NodeChange(WORKFLOW, "", 8, AT, DOCUMENT, null),
                new WorkflowEvent(WorkflowEvent.Type.COMPLETED, WORKFLOW, AT, "Succeeded", null, DOCUMENT),
                new PodEvent(WORKFLOW, "hello-123", "hello-main-123", AT, "Pending", "Unschedulable", "no node"),
                new TaskResult(WORKFLOW, "hello-123", "hello-main-123", "u1", AT, null, null, DOCUMENT, "1/1", true),
                new LockMessage.Wanted(
                        WORKFLOW,
                        3,
                        1,
                        AT,
                        "argo/hello/hello-123",
                        List.of(new LockMessage.LockName("argo/Mutex/m", "MUTEX")),
                        5,
                        AT,
                        false),
                new LockMessage.Answered(
                        WORKFLOW,
                        3,
                        1,
                        AT,
                        "t",
                        LockMessage.Verdict.DELAYED,
                        "argo/Mutex/m",
                        "wait",
                        Map.of("argo/Mutex/m", List.of("argo/other"))),
                new LockMessage.TableTaken(LockMessage.TableTaken.NOBODY, AT, "t"),
                new ArtifactEvent(
                        ArtifactEvent.Type.SAVED, WORKFLOW, "hello-123", "out", AT, DOCUMENT, 12L, "crc64:1", null),
                new ArtifactsDeleted(
                        WORKFLOW, AT, List.of(new ArtifactsDeleted.Deleted("hello-123", "out", DOCUMENT))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatItWrites(Message message) throws UnreadableRecordException {
        Class<? extends Message> type = message instanceof WorkflowCommand ? WorkflowCommand.class : message.getClass();

        Message read = Records.read(consumed(records.toRecord(message)), type);

        assertThat(read).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void carriesCloudEventsAttributesAsHeaders(Message message) {
        ConsumerRecord<String, byte[]> consumed = consumed(records.toRecord(message));

        assertThat(Records.attribute(consumed, "specversion")).isEqualTo("1.0");
        assertThat(Records.attribute(consumed, "id")).isEqualTo(message.eventId());
        assertThat(Records.attribute(consumed, "type")).startsWith("io.tiphys.");
        assertThat(Records.attribute(consumed, "source")).isEqualTo("/tiphys/test");
        assertThat(Records.attribute(consumed, "time")).isEqualTo("2026-11-22T20:00:00.123Z");
    }

    @Test
    void putsShardedTopicsOnTheWorkflowsShardAndLeavesOthersToTheKey() {
        int shard = Shards.of(WORKFLOW.uid(), 64);

        assertThat(records.toRecord(new NodeChange(WORKFLOW, "n", 1, AT, DOCUMENT, null))
                        .partition())
                .isEqualTo(shard);
        assertThat(records.nodeTombstone(WORKFLOW.uid(), "n").partition()).isEqualTo(shard);
        assertThat(records.toRecord(new WorkflowEvent(WorkflowEvent.Type.STARTED, WORKFLOW, AT, "", null, null))
                        .partition())
                .isNull();
    }

    @Test
    void keysNodesByWorkflowAndNode() {
        assertThat(new NodeChange(WORKFLOW, "hello-123", 1, AT, DOCUMENT, null).key())
                .isEqualTo(WORKFLOW.uid() + "/hello-123");
        assertThat(records.nodeTombstone("u", "").key()).isEqualTo("u/");
        assertThat(records.nodeTombstone("u", "n").value()).isNull();
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThatThrownBy(() -> Records.read(raw("not json".getBytes(UTF_8)), TaskResult.class))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("TaskResult");
        assertThatThrownBy(() -> Records.read(raw("{}".getBytes(UTF_8)), TaskResult.class))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("workflow");
        assertThatThrownBy(() -> Records.read(raw(null), TaskResult.class))
                .isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void ignoresFieldsOfNewerWriters() throws UnreadableRecordException {
        String json = """
                {"workflow":{"namespace":"n","name":"w","uid":"u","cluster":"c"},"nodeId":"n1","podName":"p",
                 "at":"2026-11-22T20:00:00Z","complete":false,"invented":{"later":true}}""";

        assertThat(Records.read(raw(json.getBytes(UTF_8)), TaskResult.class).nodeId())
                .isEqualTo("n1");
    }

    @Test
    void keepsAFailedRecordAsItWasAndSaysWhy() {
        ConsumerRecord<String, byte[]> failed = raw("x".getBytes(UTF_8));

        ProducerRecord<String, byte[]> dead = Records.deadLetter(failed, "unreadable");

        assertThat(dead.topic()).isEqualTo("tiphys.task-results.dlq");
        assertThat(dead.value()).isEqualTo(failed.value());
        assertThat(new String(dead.headers().lastHeader("tiphys_reason").value(), UTF_8))
                .isEqualTo("unreadable");
        assertThat(new String(dead.headers().lastHeader("tiphys_source_offset").value(), UTF_8))
                .isEqualTo("42");
    }

    @Test
    void hashesAsFnv1aDoes() {
        assertThat(Integer.toUnsignedString(Shards.fnv1a32(""))).isEqualTo("2166136261");
        assertThat(Integer.toUnsignedString(Shards.fnv1a32("a"))).isEqualTo("3826002220");
        assertThat(Integer.toUnsignedString(Shards.fnv1a32("foobar"))).isEqualTo("3214735720");
        assertThat(Shards.of("a", 64)).isBetween(0, 63);
    }

    private static ConsumerRecord<String, byte[]> consumed(ProducerRecord<String, byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                0,
                42,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    private static ConsumerRecord<String, byte[]> raw(byte @Nullable [] value) {
        return consumed(new ProducerRecord<>("tiphys.task-results", 0, "u", value, new RecordHeaders()));
    }
}
