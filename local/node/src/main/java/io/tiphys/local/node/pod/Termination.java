package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod's way to its end: main containers first, then sidecars from the last to the first; whoever is left when the grace period is over
 * gets killed. What the pod is deleted or lost for takes the place of an earlier reason, and a later deletion can only shorten the grace.
 */
final class Termination {
    private static final long DEFAULT_GRACE_SECONDS = 30;

    private final PodApi api;
    private final Hooks hooks;
    private final PodContainers containers;
    private final Instant startTime;
    private @Nullable Stop stop;
    private boolean over;

    Termination(PodApi api, Hooks hooks, PodContainers containers, Instant startTime) {
        this.api = api;
        this.hooks = hooks;
        this.containers = containers;
        this.startTime = startTime;
    }

    /** {@code terminationGracePeriodSeconds}. */
    static Duration grace(Pod pod) {
        return grace(pod.getSpec().getTerminationGracePeriodSeconds());
    }

    private static Duration grace(@Nullable Long seconds) {
        return Duration.ofSeconds(seconds == null ? DEFAULT_GRACE_SECONDS : seconds);
    }

    /** Why the pod ends, or null while it doesn't. */
    @Nullable
    Stop stop() {
        return stop;
    }

    boolean hasBegun() {
        return stop != null;
    }

    /** Nothing runs any more that was to end. */
    boolean isOver() {
        return over;
    }

    /** When {@code activeDeadlineSeconds} are over. */
    Instant deadline(Pod pod) {
        Long seconds = pod.getSpec().getActiveDeadlineSeconds();
        return seconds == null ? Wake.NEVER : startTime.plusSeconds(seconds);
    }

    /** Looks whether somebody wants the pod to end, or its time is up. */
    void notice(Pod pod, boolean gone, Instant now) {
        if (gone) {
            stop = Stop.because(Stop.Cause.GONE, Instant.EPOCH);
        } else if (pod.getMetadata().getDeletionTimestamp() != null) {
            Instant killAt = now.plus(grace(pod.getMetadata().getDeletionGracePeriodSeconds()));
            Stop before = stop;
            if (before == null || before.cause() != Stop.Cause.DELETED || killAt.isBefore(before.killAt())) {
                stop = Stop.because(Stop.Cause.DELETED, killAt);
            }
        } else if (stop == null && !now.isBefore(deadline(pod))) {
            begin(Stop.Cause.DEADLINE, pod, now);
            api.event(
                    pod, "Normal", "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        }
    }

    /** The pod is to end, after its own grace period. */
    void begin(Stop.Cause cause, Pod pod, Instant now) {
        stop = Stop.because(cause, now.plus(grace(pod)));
    }

    /** Asks those to end whose turn it is, or kills all. Returns when to look again. */
    Instant advance(Pod pod, Instant now) {
        Stop why = Objects.requireNonNull(stop, "the termination has begun");
        boolean kill = !now.isBefore(why.killAt());
        if (kill) {
            containers.killAll();
        }
        List<ContainerRun> first = new ArrayList<>(containers.mains());
        containers.inits().stream()
                .filter(run -> run.kind() == ContainerRun.Kind.INIT)
                .forEach(first::add);
        boolean firstEnded = true;
        for (ContainerRun run : first) {
            firstEnded &= !run.isRunning();
            askToEnd(run, why, pod, now);
        }
        if (firstEnded) {
            for (ContainerRun sidecar : containers.inits().reversed()) {
                if (sidecar.isRunning()) {
                    askToEnd(sidecar, why, pod, now);
                    return kill ? Wake.NEVER : why.killAt();
                }
            }
            over = true;
        }
        return kill ? Wake.NEVER : why.killAt();
    }

    private void askToEnd(ContainerRun run, Stop why, Pod pod, Instant now) {
        if (run.isRunning() && !run.isTerminating()) {
            if (why.cause() != Stop.Cause.GONE) {
                api.event(pod, "Normal", "Killing", "Stopping container " + run.name());
            }
            hooks.terminate(run, Duration.between(now, why.killAt()));
        }
    }
}
