package io.tiphys.messages;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A step in a workflow's life.
 *
 * @param phase Argo's phase after the event
 * @param object the Workflow object: complete but without {@code status.nodes} for {@link Type#COMPLETED} and
 *     {@link Type#DELETION_REQUESTED}, absent otherwise
 */
public record WorkflowEvent(
        Type type,
        WorkflowRef workflow,
        Instant at,
        @Nullable String phase,
        @Nullable String message,
        @Nullable JsonNode object)
        implements Message {

    public enum Type {
        /** The engine has taken the workflow up. */
        @JsonProperty("started")
        STARTED,
        /** The workflow's phase changed. */
        @JsonProperty("phase-changed")
        PHASE_CHANGED,
        /** The phase is final and the status in Kubernetes says so. May come again after a retry. */
        @JsonProperty("completed")
        COMPLETED,
        /** The object has a deletionTimestamp and a finalizer of ours still holds it. */
        @JsonProperty("deletion-requested")
        DELETION_REQUESTED,
        /** The object is gone. */
        @JsonProperty("deleted")
        DELETED;

        /** CloudEvents' {@code type}. */
        public String eventType() {
            return "io.tiphys.workflow." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public Topic topic() {
        return Topics.WORKFLOW_EVENTS;
    }

    @Override
    public String eventType() {
        return type.eventType();
    }

    @Override
    public String eventId() {
        return workflow.uid() + "/" + type + "/" + at;
    }
}
