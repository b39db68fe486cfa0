package io.tiphys.engine;

import io.tiphys.api.Outputs;
import io.tiphys.api.WorkflowPhase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run beside its nodes, as the journal keeps it under the key {@code uid/}.
 *
 * @param startedAt milliseconds since the epoch; 0 for not yet
 * @param outputs global outputs
 * @param parameters {@code name=value} overrides that retries gave
 * @param metricsError what is wrong with a metric; null if nothing
 * @param nextSeq sequence number of the next node
 * @param lock of the workflow as a whole; null if it never asked
 */
public record RunRecord(
        WorkflowPhase phase,
        @Nullable String message,
        long startedAt,
        long finishedAt,
        @Nullable Shutdown shutdown,
        boolean suspended,
        boolean deadlinePassed,
        Outputs outputs,
        List<String> parameters,
        @Nullable Long activeDeadlineSeconds,
        @Nullable Long parallelism,
        int nextSeq,
        @Nullable String metricsError,
        @Nullable LockClaim lock) {
    public RunRecord {
        parameters = List.copyOf(parameters);
    }
}
