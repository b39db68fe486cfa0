package io.tiphys.messages;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An artifact was saved to object storage, or could not be deleted from it; of those that were deleted tells {@link ArtifactsDeleted}.
 *
 * @param name the artifact's name in its template's outputs
 * @param location Argo's artifact location with its key ({@code {"oss":{"bucket":…,"key":…}}}); no secrets
 * @param checksum {@code <algorithm>:<value>}, for example {@code crc64:1234}
 */
public record ArtifactEvent(
        Type type,
        WorkflowRef workflow,
        String nodeId,
        String name,
        Instant at,
        JsonNode location,
        @Nullable Long sizeBytes,
        @Nullable String checksum,
        @Nullable String message)
        implements Message {

    public enum Type {
        @JsonProperty("saved")
        SAVED,
        /** In records of before {@link ArtifactsDeleted} only. */
        @JsonProperty("deleted")
        DELETED,
        @JsonProperty("deletion-failed")
        DELETION_FAILED
    }

    @Override
    public Topic topic() {
        return Topics.ARTIFACT_EVENTS;
    }

    @Override
    public String eventType() {
        return switch (type) {
            case SAVED -> "io.tiphys.artifact.saved";
            case DELETED -> "io.tiphys.artifact.deleted";
            case DELETION_FAILED -> "io.tiphys.artifact.deletion-failed";
        };
    }

    @Override
    public String eventId() {
        return workflow.uid() + "/" + nodeId + "/" + name + "/" + type + "/" + at;
    }
}
