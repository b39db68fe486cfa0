package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /v1/results}: what the executor has to say about its node. The uploader adds the workflow, the node and the artifacts'
 * locations from the capability and hands it to the controller. Reports before the last one carry progress only.
 *
 * @param podUid of the pod that reports, so that a late word of an earlier pod with the same name is known as such
 * @param complete whether this is the last one; sent only when everything was saved, or finally failed
 * @param phase {@code Error} when staging or saving failed, otherwise absent: then the exit code decides
 * @param exitCode of main; absent when main never ended
 * @param result main's standard output, at most its last 256 kB, without one trailing newline
 * @param artifacts that were saved; an optional one that wasn't there is missing
 * @param progress {@code n/m} as the user's program wrote it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TaskReport(
        @Nullable String podUid,
        boolean complete,
        @Nullable String phase,
        @Nullable String message,
        @Nullable Integer exitCode,
        @Nullable String result,
        List<ParameterValue> parameters,
        List<SavedArtifact> artifacts,
        @Nullable String progress) {

    public static final String ERROR = "Error";

    public TaskReport {
        parameters = Copies.of(parameters);
        artifacts = Copies.of(artifacts);
    }

    public static TaskReport ofProgress(@Nullable String podUid, String progress) {
        return new TaskReport(podUid, false, null, null, null, null, List.of(), List.of(), progress);
    }

    public static TaskReport error(@Nullable String podUid, String message) {
        return new TaskReport(podUid, true, ERROR, message, null, null, List.of(), List.of(), null);
    }

    public record ParameterValue(String name, String value) {}

    /** A saved artifact; {@code log} tells an archived log from an output that the template declares. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SavedArtifact(
            String name,
            long sizeBytes,
            @Nullable String etag,
            @Nullable String crc64,
            boolean log) {}
}
