package io.tiphys.messages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/** Anything that travels on a topic of ours: about one workflow, at one time. */
public sealed interface Message
        permits WorkflowCommand,
                NodeChange,
                WorkflowEvent,
                PodEvent,
                TaskResult,
                ArtifactEvent,
                ArtifactsDeleted,
                LockMessage {

    WorkflowRef workflow();

    /** When it happened at the sender; CloudEvents' {@code time}. */
    Instant at();

    /** The topic that this kind of message travels on. */
    @JsonIgnore
    Topic topic();

    /** CloudEvents' {@code type}, for example {@code io.tiphys.workflow.completed}. */
    @JsonIgnore
    String eventType();

    /**
     * CloudEvents' {@code id}: equal for two copies of the same message, so that consumers (and Knative) can drop the
     * second.
     */
    @JsonIgnore
    String eventId();

    /** The record's key. */
    @JsonIgnore
    default String key() {
        return workflow().uid();
    }
}
