package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pod's status when it has changed: what someone may wait for (a container has ended, or started to be ready) at once, the rest
 * after a moment, in which a short-lived pod often ends and saves a write.
 */
final class StatusWriter {
    private static final Duration SETTLE = Duration.ofMillis(100);

    private final PodApi api;
    private final StatusBuilder builder;
    private @Nullable PodStatus written;
    private long endedWritten;
    private Instant changedAt = Instant.MAX;
    private Instant retryAt = Instant.EPOCH;
    private final Backoff backoff = new Backoff();
    private boolean podGone;

    StatusWriter(PodApi api, StatusBuilder builder) {
        this.api = api;
        this.builder = builder;
    }

    boolean isPodGone() {
        return podGone;
    }

    /** Writes now or says by when to come again. */
    Instant writeIfDue(
            Pod pod, StatusBuilder.Phase phase, List<ContainerRun> inits, List<ContainerRun> mains, Instant wake) {
        Instant now = Instant.now();
        PodStatus status = builder.build(phase, inits, mains, now);
        if (status.equals(written)) {
            changedAt = Instant.MAX;
            return wake;
        }
        changedAt = changedAt.equals(Instant.MAX) ? now : changedAt;
        long ended = Stream.concat(inits.stream(), mains.stream())
                .filter(ContainerRun::hasEnded)
                .count();
        Instant due = ended != endedWritten ? now : changedAt.plus(SETTLE);
        due = due.isBefore(retryAt) ? retryAt : due;
        if (now.isBefore(due)) {
            return due.isBefore(wake) ? due : wake;
        }
        return switch (api.writeStatus(pod, status)) {
            case DONE -> {
                written = status;
                endedWritten = ended;
                changedAt = Instant.MAX;
                backoff.reset();
                yield wake;
            }
            case GONE -> {
                podGone = true;
                yield now;
            }
            case FAILED -> {
                retryAt = Instant.now().plus(backoff.next());
                yield retryAt.isBefore(wake) ? retryAt : wake;
            }
        };
    }

    /**
     * Tries to write the last word, and says when to come again; null when it is written or nobody is left to read it. It is never given up,
     * since a pod that seems to run for ever holds up everybody who waits for its end.
     */
    @Nullable
    Instant writeFinal(Pod pod, StatusBuilder.Phase phase, List<ContainerRun> inits, List<ContainerRun> mains) {
        PodStatus status = builder.build(phase, inits, mains, Instant.now());
        return switch (api.writeStatus(pod, status)) {
            case DONE -> null;
            case GONE -> {
                podGone = true;
                yield null;
            }
            case FAILED -> Instant.now().plus(backoff.next());
        };
    }
}
