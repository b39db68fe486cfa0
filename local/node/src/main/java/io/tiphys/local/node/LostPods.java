package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Pods that ran when an earlier life of the node ended: their processes are gone, and their status has to say so. */
final class LostPods {
    private static final String REASON = "ContainerStatusUnknown";
    private static final String MESSAGE = "The node went away while the container ran, and killed it";
    private static final int KILLED = 137;

    private LostPods() {}

    /** How often the pod's containers had been started; 0 when none had. */
    static int starts(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getContainerID() != null)
                .mapToInt(status -> status.getRestartCount() + 1)
                .max()
                .orElse(0);
    }

    /** The final status of a pod that may not be started again. */
    static PodStatus failed(Pod pod, Instant now) {
        List<ContainerStatus> mains = pod.getStatus().getContainerStatuses().stream()
                .map(status -> ended(status, now))
                .toList();
        boolean succeeded = !mains.isEmpty()
                && mains.stream().allMatch(status -> {
                    ContainerStateTerminated terminated = status.getState().getTerminated();
                    return terminated != null && terminated.getExitCode() == 0;
                });
        return new PodStatusBuilder(pod.getStatus())
                .withPhase(succeeded ? "Succeeded" : "Failed")
                .withReason(succeeded ? null : "NodeLost")
                .withMessage(succeeded ? null : "The node went away while the pod ran")
                .withContainerStatuses(mains)
                .withInitContainerStatuses(pod.getStatus().getInitContainerStatuses().stream()
                        .map(status -> ended(status, now))
                        .toList())
                .build();
    }

    private static ContainerStatus ended(ContainerStatus status, Instant now) {
        ContainerState state = status.getState();
        if (state != null && state.getTerminated() != null) {
            return status;
        }
        String startedAt = state == null || state.getRunning() == null
                ? null
                : state.getRunning().getStartedAt();
        ContainerState terminated = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(KILLED)
                .withReason(REASON)
                .withMessage(MESSAGE)
                .withStartedAt(startedAt)
                .withFinishedAt(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .withContainerID(status.getContainerID())
                .endTerminated()
                .build();
        return new ContainerStatusBuilder(status)
                .withState(terminated)
                .withReady(false)
                .withStarted(false)
                .build();
    }
}
