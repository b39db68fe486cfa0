package io.tiphys.controller.lifecycle;

import io.tiphys.api.TTLStrategy;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code spec.ttlStrategy}: until when a finished workflow is kept. {@code secondsAfterFailure} is for the phase Failed only;
 * Error goes by {@code secondsAfterCompletion}, which also stands in for the other two.
 */
public final class TimeToLive {
    private TimeToLive() {}

    public static Optional<Instant> endOf(WorkflowSpec spec, WorkflowStatus status) {
        TTLStrategy ttl = spec.ttlStrategy();
        if (ttl == null || status.finishedAt() == null || !status.phase().isFulfilled()) {
            return Optional.empty();
        }
        Integer seconds = null;
        if (status.phase() == WorkflowPhase.SUCCEEDED) {
            seconds = ttl.secondsAfterSuccess();
        } else if (status.phase() == WorkflowPhase.FAILED) {
            seconds = ttl.secondsAfterFailure();
        }
        if (seconds == null) {
            seconds = ttl.secondsAfterCompletion();
        }
        return seconds == null
                ? Optional.empty()
                : Optional.of(status.finishedAt().plusSeconds(seconds));
    }
}
