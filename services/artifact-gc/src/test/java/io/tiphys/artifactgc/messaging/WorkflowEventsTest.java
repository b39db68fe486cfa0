package io.tiphys.artifactgc.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkflowEventsTest {
    @Test
    void aWorkflowWithoutTheFinalizerIsNotLookedAt() {
        assertThat(WorkflowEvents.holdsNothing(completed(object()))).isTrue();
        assertThat(WorkflowEvents.holdsNothing(completed(object("example.com/other"))))
                .isTrue();
    }

    @Test
    void oneThatIsHeldIs() {
        assertThat(WorkflowEvents.holdsNothing(
                        completed(object("example.com/other", "workflows.argoproj.io/artifact-gc"))))
                .isFalse();
    }

    @Test
    void whatIsNotSaidIsLookedUp() {
        assertThat(WorkflowEvents.holdsNothing(completed(null))).isFalse();
        assertThat(WorkflowEvents.holdsNothing(event(WorkflowEvent.Type.DELETION_REQUESTED, object())))
                .isFalse();
    }

    private static ObjectNode object(String... finalizers) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = object.putObject("metadata").put("name", "w");
        for (String finalizer : finalizers) {
            metadata.withArray("finalizers").add(finalizer);
        }
        return object;
    }

    private static WorkflowEvent completed(@Nullable ObjectNode object) {
        return event(WorkflowEvent.Type.COMPLETED, object);
    }

    private static WorkflowEvent event(WorkflowEvent.Type type, @Nullable ObjectNode object) {
        return new WorkflowEvent(
                type, new WorkflowRef("default", "w", "uid"), Instant.EPOCH, "Succeeded", null, object);
    }
}
