package io.tiphys.engine.pod;

import io.tiphys.api.NodePhase;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a pod means for its node.
 *
 * @param byExecutor the executor is to blame, or may be, and may know better why
 */
record PodOutcome(NodePhase phase, @Nullable String message, boolean byExecutor) {
    /** What emissary exits with when it doesn't start the user's command, because inputs could not be staged. */
    static final Integer GATE_CLOSED = 125;

    static PodOutcome of(PodFacts pod, boolean daemon) {
        if (pod.phase() == PodPhase.SUCCEEDED) {
            // a daemon shouldn't end at all
            return new PodOutcome(daemon ? NodePhase.FAILED : NodePhase.SUCCEEDED, null, false);
        }
        if (pod.message() != null && !pod.message().isEmpty()) {
            return new PodOutcome(NodePhase.FAILED, pod.message(), false);
        }
        if (pod.containers().isEmpty()) {
            return new PodOutcome(NodePhase.FAILED, "can't find failed message for pod " + pod.podName(), false);
        }
        return ofContainers(pod.containers());
    }

    private static PodOutcome ofContainers(List<ContainerFacts> containers) {
        List<ContainerFacts> ranked = new ArrayList<>(containers);
        ranked.sort(Comparator.comparingInt(PodOutcome::rank));
        boolean mainSucceeded = false;
        boolean hasExecutor = false;
        boolean executorSucceeded = false;
        for (ContainerFacts container : ranked) {
            hasExecutor |= container.role() == Role.EXECUTOR;
            if (container.state() == ContainerState.WAITING) {
                String message =
                        container.message() == null || container.message().isEmpty() ? "" : ": " + container.message();
                return new PodOutcome(
                        NodePhase.ERROR,
                        "Pod failed before " + container.name() + " container starts due to " + container.reason()
                                + message,
                        false);
            }
            Integer exitCode = container.exitCode();
            if (container.state() != ContainerState.TERMINATED || exitCode == null) {
                continue;
            }
            if (exitCode == 0) {
                mainSucceeded |= container.role() == Role.MAIN;
                executorSucceeded |= container.role() == Role.EXECUTOR;
                continue;
            }
            boolean killed = exitCode == 137 || exitCode == 143;
            if (container.role() != Role.SIDECAR || !killed) {
                boolean byExecutor = container.role() == Role.EXECUTOR
                        || (container.role() != Role.INIT && hasExecutor(containers) && GATE_CLOSED.equals(exitCode));
                return new PodOutcome(phase(container.role()), describe(container, exitCode), byExecutor);
            }
        }
        if (mainSucceeded && (executorSucceeded || !hasExecutor)) {
            return new PodOutcome(NodePhase.SUCCEEDED, null, false);
        }
        if (mainSucceeded) {
            return new PodOutcome(NodePhase.FAILED, "pod failed: wait container did not complete successfully", true);
        }
        return new PodOutcome(
                NodePhase.FAILED,
                executorSucceeded
                        ? "pod failed: main container did not complete successfully"
                        : "pod failed: neither main nor wait container completed successfully",
                false);
    }

    /** Whose failure is told: init containers', main's, the executor's, sidecars'. */
    private static int rank(ContainerFacts container) {
        return switch (container.role()) {
            case INIT -> 0;
            case MAIN -> 1;
            case EXECUTOR -> 2;
            case SIDECAR -> 3;
        };
    }

    private static NodePhase phase(Role role) {
        return switch (role) {
            case MAIN, SIDECAR -> NodePhase.FAILED;
            case INIT, EXECUTOR -> NodePhase.ERROR;
        };
    }

    private static String describe(ContainerFacts container, int exitCode) {
        String reason = container.reason() == null ? "Error" : container.reason();
        String message = container.message() == null || container.message().isEmpty() ? "" : ": " + container.message();
        return container.name() + ": " + reason + " (exit code " + exitCode + ")" + message;
    }

    /** Exit code of the container named main, once it has ended. */
    static @Nullable Integer exitCode(PodFacts pod) {
        for (ContainerFacts container : pod.containers()) {
            if (container.role() == Role.MAIN && container.name().equals("main")) {
                return container.exitCode();
            }
        }
        return null;
    }

    static boolean hasExecutor(PodFacts pod) {
        return hasExecutor(pod.containers());
    }

    private static boolean hasExecutor(List<ContainerFacts> containers) {
        return containers.stream().anyMatch(container -> container.role() == Role.EXECUTOR);
    }

    /** When the last container ended. */
    static @Nullable Instant finishedAt(PodFacts pod) {
        Instant latest = null;
        for (ContainerFacts container : pod.containers()) {
            Instant finished = container.finishedAt();
            if (finished != null && (latest == null || finished.isAfter(latest))) {
                latest = finished;
            }
        }
        return latest;
    }

    /** Why a pending pod doesn't run, or null. */
    static @Nullable String pendingReason(PodFacts pod) {
        for (ContainerFacts container : pod.containers()) {
            if (container.state() == ContainerState.WAITING
                    && container.reason() != null
                    && container.role() != Role.INIT) {
                return container.message() == null || container.message().isEmpty()
                        ? container.reason()
                        : container.reason() + ": " + container.message();
            }
        }
        return pod.message() == null || pod.message().isEmpty() ? null : pod.message();
    }
}
