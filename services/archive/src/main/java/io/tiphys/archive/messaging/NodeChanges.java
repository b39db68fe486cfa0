package io.tiphys.archive.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.tiphys.archive.messaging.Batches.Read;
import io.tiphys.archive.store.ArchiveWriter;
import io.tiphys.archive.store.NodeState;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.UnreadableRecordException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps the newest state of every node. */
@ApplicationScoped
public class NodeChanges {
    private final Batches batches;
    private final ArchiveWriter writer;
    private final DeadLetters deadLetters;
    private final MeterRegistry metrics;

    public NodeChanges(Batches batches, ArchiveWriter writer, DeadLetters deadLetters, MeterRegistry metrics) {
        this.batches = batches;
        this.writer = writer;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    /** The batch is acknowledged when this returns. */
    @Incoming("node-changes")
    @Blocking
    public void take(ConsumerRecords<String, byte[]> records) {
        List<Read<NodeState>> batch = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> consumed : records) {
            try {
                batch.add(new Read<>(consumed, read(consumed)));
            } catch (UnreadableRecordException e) {
                deadLetters.send(consumed, String.valueOf(e.getMessage()));
            }
        }
        batch.removeIf(read -> read.message() instanceof NodeState.Present p && !NodeChange.isNode(p.nodeId()));
        batches.apply(batch, writer::nodes);
        metrics.counter("tiphys.archive.node.changes").increment(batch.size());
    }

    static NodeState read(ConsumerRecord<String, byte[]> consumed) throws UnreadableRecordException {
        if (consumed.value() == null) {
            String key = consumed.key() == null ? "" : consumed.key();
            int slash = key.indexOf('/');
            if (slash <= 0) {
                throw new UnreadableRecordException("tombstone without a key of the form uid/nodeId: \"" + key + "\"");
            }
            return new NodeState.Dropped(
                    key.substring(0, slash),
                    key.substring(slash + 1),
                    Instant.ofEpochMilli(consumed.timestamp()).atOffset(ZoneOffset.UTC));
        }
        NodeChange change = Records.read(consumed, NodeChange.class);
        return new NodeState.Present(
                change.workflow().uid(),
                change.nodeId(),
                change.at().atOffset(ZoneOffset.UTC),
                change.node().path("phase").asText(""),
                change.node().toString());
    }
}
