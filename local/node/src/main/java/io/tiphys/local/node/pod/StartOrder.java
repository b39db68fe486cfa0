package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/**
 * Who starts when: volumes first; then init containers one after the other (a sidecar lets the next one start when its postStart hook and
 * startup probe are through); then main containers, each when the postStart hook of the one before is through.
 */
final class StartOrder {
    /** What comes next for the pod. */
    sealed interface Next {
        /** Another look, at this time. */
        record Look(Instant at) implements Next {}

        /** Its end: there is nothing more to start. */
        record End(Stop.Cause cause) implements Next {}
    }

    private final PodContainers containers;
    private final VolumeSetup volumes;
    private final StartAttempts attempts;
    private final RestartPolicy policy;

    StartOrder(PodContainers containers, VolumeSetup volumes, StartAttempts attempts, RestartPolicy policy) {
        this.containers = containers;
        this.volumes = volumes;
        this.attempts = attempts;
        this.policy = policy;
    }

    /** Starts what may start now. */
    Next advance(Pod pod, Instant now) {
        if (!volumes.prepare(pod, now)) {
            return new Next.Look(volumes.retryAt());
        }
        Instant wake = Wake.NEVER;
        for (ContainerRun init : containers.inits()) {
            if (init.kind() == ContainerRun.Kind.INIT && init.hasSucceeded()) {
                continue;
            }
            wake = Wake.earlier(wake, ensureRunning(pod, init, now));
            if (init.kind() == ContainerRun.Kind.INIT && policy.isOver(init)) {
                return new Next.End(Stop.Cause.INIT_FAILED);
            }
            if (!StatusBuilder.letsOthersStart(init) && !mayStartLater(init)) {
                return new Next.Look(wake);
            }
        }
        for (ContainerRun main : containers.mains()) {
            wake = Wake.earlier(wake, ensureRunning(pod, main, now));
            if (main.isRunning() && !main.isHookDone()) {
                return new Next.Look(wake);
            }
        }
        return containers.mains().stream().allMatch(policy::isOver)
                ? new Next.End(Stop.Cause.COMPLETED)
                : new Next.Look(wake);
    }

    /** A sidecar that ran while the main containers started no longer holds anybody up. */
    private boolean mayStartLater(ContainerRun init) {
        return init.kind() == ContainerRun.Kind.SIDECAR
                && containers.mains().stream().anyMatch(ContainerRun::hasEverStarted);
    }

    /** Starts a container that should run and doesn't. Returns when to try again. */
    private Instant ensureRunning(Pod pod, ContainerRun run, Instant now) {
        if (run.isRunning() || policy.isOver(run)) {
            return Wake.NEVER;
        }
        Instant again = attempts.start(pod, run, now);
        return policy.isOver(run) ? now : again;
    }
}
