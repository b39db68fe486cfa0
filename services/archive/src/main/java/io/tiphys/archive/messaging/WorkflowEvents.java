package io.tiphys.archive.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.tiphys.archive.live.LiveWorkflows;
import io.tiphys.archive.messaging.Batches.Read;
import io.tiphys.archive.store.ArchiveWriter;
import io.tiphys.archive.store.FinishedWorkflow;
import io.tiphys.messages.Records;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Keeps every finished workflow, and tells the live one afterwards. */
@ApplicationScoped
public class WorkflowEvents {
    private static final Logger LOG = Logger.getLogger(WorkflowEvents.class);

    private final Batches batches;
    private final ArchiveWriter writer;
    private final DeadLetters deadLetters;
    private final LiveWorkflows live;
    private final MeterRegistry metrics;

    public WorkflowEvents(
            Batches batches, ArchiveWriter writer, DeadLetters deadLetters, LiveWorkflows live, MeterRegistry metrics) {
        this.batches = batches;
        this.writer = writer;
        this.deadLetters = deadLetters;
        this.live = live;
        this.metrics = metrics;
    }

    /** The batch is acknowledged when this returns. */
    @Incoming("workflow-events")
    @Blocking
    public void take(ConsumerRecords<String, byte[]> records) {
        List<Read<FinishedWorkflow>> batch = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> consumed : records) {
            try {
                WorkflowEvent event = Records.read(consumed, WorkflowEvent.class);
                if (event.type() == WorkflowEvent.Type.COMPLETED) {
                    batch.add(new Read<>(consumed, finished(event)));
                }
            } catch (UnreadableRecordException e) {
                deadLetters.send(consumed, String.valueOf(e.getMessage()));
            }
        }
        batches.apply(batch, writer::workflows);
        for (Read<FinishedWorkflow> read : batch) {
            FinishedWorkflow workflow = read.message();
            LOG.infof("archived workflow %s/%s (%s)", workflow.namespace(), workflow.name(), workflow.phase());
            live.markArchived(workflow.namespace(), workflow.name(), workflow.uid());
        }
        metrics.counter("tiphys.archive.workflows").increment(batch.size());
    }

    private static FinishedWorkflow finished(WorkflowEvent event) throws UnreadableRecordException {
        WorkflowRef ref = event.workflow();
        if (event.object() == null || !event.object().isObject()) {
            throw new UnreadableRecordException("event 'completed' without the field 'object'");
        }
        return FinishedWorkflow.of(ref.uid(), ref.namespace(), ref.name(), event.object());
    }
}
