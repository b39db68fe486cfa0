package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Job wants to know of its pods. */
final class JobPods {
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";

    private JobPods() {}

    static boolean isSucceeded(Pod pod) {
        return "Succeeded".equals(pod.getStatus().getPhase());
    }

    /** Has failed; or is being deleted, and so won't succeed, where that is reason enough to replace it. */
    static boolean isFailed(Pod pod, boolean onlyOnceEnded) {
        return "Failed".equals(pod.getStatus().getPhase())
                || (!onlyOnceEnded && isBeingDeleted(pod) && !isSucceeded(pod));
    }

    static boolean isBeingDeleted(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    static boolean isOver(Pod pod) {
        return isSucceeded(pod) || "Failed".equals(pod.getStatus().getPhase());
    }

    static boolean isActive(Pod pod) {
        return !isOver(pod) && !isBeingDeleted(pod);
    }

    static boolean isTerminating(Pod pod) {
        return !isOver(pod) && isBeingDeleted(pod);
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    static boolean isTracked(Pod pod) {
        return pod.getMetadata().getFinalizers().contains(FINALIZER);
    }

    /** -1 for none. */
    static int index(Pod pod) {
        return number(pod, INDEX, -1);
    }

    /** How often this pod's index had failed before it. */
    static int failuresBefore(Pod pod) {
        return number(pod, INDEX_FAILURES, 0);
    }

    private static int number(Pod pod, String annotation, int otherwise) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(annotation);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static int restarts(Pod pod) {
        return statuses(pod)
                .filter(status -> status.getRestartCount() != null)
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }

    /** When the last of its containers ended; empty if none has. */
    static Optional<Instant> ended(Pod pod) {
        return statuses(pod)
                .flatMap(status -> terminated(status).stream())
                .map(ContainerStateTerminated::getFinishedAt)
                .filter(time -> time != null && !time.isEmpty())
                .map(Instant::parse)
                .max(Instant::compareTo);
    }

    static Optional<ContainerStateTerminated> terminated(ContainerStatus status) {
        return Optional.ofNullable(status.getState()).flatMap(state -> Optional.ofNullable(state.getTerminated()));
    }

    static Stream<ContainerStatus> statuses(Pod pod) {
        return Stream.of(
                        pod.getStatus().getInitContainerStatuses(),
                        pod.getStatus().getContainerStatuses())
                .flatMap(List::stream);
    }
}
