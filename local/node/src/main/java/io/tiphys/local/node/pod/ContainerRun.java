package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.tiphys.local.node.container.RunningContainer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One container of a pod, over all its starts. Waiting → Running → Terminated, and from there back to Running with every restart. Touched
 * by its pod's thread only.
 */
final class ContainerRun {
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);
    private static final Duration RESET_BACKOFF_AFTER = Duration.ofMinutes(10);

    /** Which of the pod's lists it comes from, and whether it is there for the others. */
    enum Kind {
        INIT,
        SIDECAR,
        MAIN
    }

    private final Container spec;
    private final Kind kind;
    private final Duration firstBackoff;
    private int restarts;
    private boolean startedBefore;
    private @Nullable RunningContainer process;
    private @Nullable Ended ended;
    private @Nullable Ended previous;
    private Instant startedAt = Instant.EPOCH;
    private String waitingReason = "PodInitializing";
    private String waitingMessage = "";
    private Duration backoff = Duration.ZERO;
    private Instant retryAt = Instant.EPOCH;
    private boolean hookDone;
    private boolean startupDone;
    private boolean ready;
    private boolean terminating;
    private String containerId = "";

    ContainerRun(Container spec, Kind kind, Duration firstBackoff, int startsBefore) {
        this.spec = spec;
        this.kind = kind;
        this.firstBackoff = firstBackoff;
        this.restarts = Math.max(0, startsBefore - 1);
        this.startedBefore = startsBefore > 0;
    }

    static boolean isSidecar(Container spec) {
        return "Always".equals(spec.getRestartPolicy());
    }

    Container spec() {
        return spec;
    }

    String name() {
        return spec.getName();
    }

    Kind kind() {
        return kind;
    }

    int restarts() {
        return restarts;
    }

    boolean isRunning() {
        return process != null;
    }

    /** Ended and not started again. */
    boolean hasEnded() {
        return process == null && ended != null;
    }

    boolean hasSucceeded() {
        return ended != null && process == null && ended.exitCode() == 0;
    }

    boolean hasEverStarted() {
        return startedBefore;
    }

    /** Runs, its postStart hook is over, and its startup probe (if any) has succeeded: the next container may start. */
    boolean isStarted() {
        return isRunning() && hookDone && startupDone;
    }

    boolean isHookDone() {
        return hookDone;
    }

    boolean isReady() {
        return kind == Kind.INIT ? hasSucceeded() : isStarted() && ready;
    }

    boolean isTerminating() {
        return terminating;
    }

    @Nullable
    RunningContainer process() {
        return process;
    }

    @Nullable
    Ended ended() {
        return ended;
    }

    @Nullable
    Ended previous() {
        return previous;
    }

    Instant startedAt() {
        return startedAt;
    }

    Instant retryAt() {
        return retryAt;
    }

    String waitingReason() {
        return waitingReason;
    }

    String waitingMessage() {
        return waitingMessage;
    }

    String containerId() {
        return containerId;
    }

    /** The number of the next start, which names its log and its files. */
    int nextAttempt() {
        return startedBefore ? restarts + 1 : restarts;
    }

    void running(RunningContainer started, Instant now, String id) {
        restarts = nextAttempt();
        startedBefore = true;
        process = started;
        previous = ended == null ? previous : ended;
        ended = null;
        startedAt = now;
        containerId = id;
        terminating = false;
        waiting("ContainerCreating", "");
        hookDone = spec.getLifecycle() == null || spec.getLifecycle().getPostStart() == null;
        startupDone = spec.getStartupProbe() == null;
        ready = spec.getReadinessProbe() == null;
    }

    void neverStarted(String id, String message, Instant now) {
        restarts = nextAttempt();
        startedBefore = true;
        containerId = id;
        previous = ended == null ? previous : ended;
        ended = new Ended(Ended.START_ERROR, "StartError", message, Instant.EPOCH, now, id);
        backOff(now);
    }

    void ended(int exitCode, String message, Instant now) {
        process = null;
        String reason = exitCode == 0 ? "Completed" : "Error";
        ended = new Ended(exitCode, reason, message, startedAt, now, containerId);
        if (Duration.between(startedAt, now).compareTo(RESET_BACKOFF_AFTER) > 0) {
            backoff = Duration.ZERO;
        }
        backOff(now);
    }

    /** Lost with an earlier life of the node. */
    void lost(Ended how) {
        startedBefore = true;
        ended = how;
        containerId = how.containerId();
    }

    private void backOff(Instant now) {
        retryAt = now.plus(backoff);
        backoff = backoff.isZero() ? firstBackoff : backoff.multipliedBy(2);
        backoff = backoff.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : backoff;
    }

    void waiting(String reason, String message) {
        waitingReason = reason;
        waitingMessage = message;
    }

    void retryAt(Instant when) {
        retryAt = when;
    }

    void hookSucceeded() {
        hookDone = true;
    }

    void probed(ProbeKind probe, boolean succeeded) {
        switch (probe) {
            case STARTUP -> startupDone |= succeeded;
            case READINESS -> ready = succeeded;
            case LIVENESS -> {
                // The run restarts what isn't alive.
            }
        }
    }

    void markTerminating() {
        terminating = true;
    }
}
