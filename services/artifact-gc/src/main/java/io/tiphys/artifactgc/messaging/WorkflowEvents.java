package io.tiphys.artifactgc.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.reconcile.GcRounds;
import io.tiphys.messages.Records;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * {@code tiphys.workflow-events}: the workflows that have completed or are to be deleted. Records are dealt with side by
 * side; an offset is committed when all records before it are done.
 */
@ApplicationScoped
public class WorkflowEvents {
    private static final Logger LOG = Logger.getLogger(WorkflowEvents.class);

    private final GcRounds rounds;
    private final Publisher publisher;

    public WorkflowEvents(GcRounds rounds, Publisher publisher) {
        this.rounds = rounds;
        this.publisher = publisher;
    }

    @Incoming("workflow-events")
    @Blocking(ordered = false)
    @RunOnVirtualThread
    public void receive(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        WorkflowEvent event;
        try {
            event = Records.read(record, WorkflowEvent.class);
        } catch (UnreadableRecordException e) {
            LOG.errorf(
                    "record %s-%d@%d goes to the dead letters: %s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
            publisher.deadLetter(record, e.getMessage());
            return;
        }
        if (holdsNothing(event)) {
            return;
        }
        switch (event.type()) {
            case COMPLETED, DELETION_REQUESTED -> {
                Optional<String> failure = rounds.run(
                        event.workflow().namespace(), event.workflow().name());
                failure.ifPresent(reason -> publisher.deadLetter(record, reason));
            }
            case STARTED, PHASE_CHANGED, DELETED -> {
                // nothing is due before the end, and nothing can be read after it
            }
        }
    }

    /** Most workflows have no artifacts to be deleted: of those the object that comes with the event lacks the finalizer. */
    static boolean holdsNothing(WorkflowEvent event) {
        JsonNode object = event.object();
        if (event.type() != WorkflowEvent.Type.COMPLETED || object == null) {
            return false;
        }
        for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
            if (GcPlan.FINALIZER.equals(finalizer.asText())) {
                return false;
            }
        }
        return true;
    }
}
