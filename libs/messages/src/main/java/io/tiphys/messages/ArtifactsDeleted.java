package io.tiphys.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * Artifacts of one workflow that were deleted from object storage together: a workflow may have many, and a record for each would cost
 * more than their deletion.
 *
 * @param artifacts at least one
 */
public record ArtifactsDeleted(WorkflowRef workflow, Instant at, List<Deleted> artifacts) implements Message {
    /** The most that one message has, so that its record stays far below {@link Topics#MAX_MESSAGE_BYTES}. */
    public static final int MOST = 1000;

    /**
     * One of them.
     *
     * @param name the artifact's name in its template's outputs
     * @param location as in {@link ArtifactEvent}
     */
    public record Deleted(String nodeId, String name, JsonNode location) {}

    public ArtifactsDeleted {
        artifacts = List.copyOf(artifacts);
    }

    @Override
    public Topic topic() {
        return Topics.ARTIFACT_EVENTS;
    }

    @Override
    public String eventType() {
        return "io.tiphys.artifacts.deleted";
    }

    /** Messages of one workflow and time differ in what they begin with. */
    @Override
    public String eventId() {
        Deleted first = artifacts.getFirst();
        return workflow.uid() + "/" + first.nodeId() + "/" + first.name() + "/" + artifacts.size() + "/" + at;
    }
}
