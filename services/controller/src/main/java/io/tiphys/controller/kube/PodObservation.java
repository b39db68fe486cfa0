package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.pods.Names;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one of our pods, without the rest of the object.
 *
 * @param podUid tells a pod from its successor of the same name
 * @param nodeSeq which creation of the node it was made for; -1 if it doesn't say
 * @param completed whether it carries the label {@code workflows.argoproj.io/completed=true}
 */
public record PodObservation(
        String namespace,
        String workflowUid,
        String nodeId,
        String podUid,
        int nodeSeq,
        boolean completed,
        Map<String, String> labels,
        PodFacts facts) {

    /** Empty for a pod that isn't ours: annotations are missing. */
    public static Optional<PodObservation> of(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        if (annotations == null) {
            return Optional.empty();
        }
        String workflowUid = annotations.get(Names.ANNOTATION_WORKFLOW_UID);
        String nodeId = annotations.get(Names.ANNOTATION_NODE_ID);
        if (workflowUid == null || nodeId == null) {
            return Optional.empty();
        }
        Map<String, String> labels =
                Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
        return Optional.of(new PodObservation(
                pod.getMetadata().getNamespace(),
                workflowUid,
                nodeId,
                Optional.ofNullable(pod.getMetadata().getUid()).orElse(""),
                nodeSeq(pod),
                "true".equals(labels.get(Names.LABEL_COMPLETED)),
                labels,
                facts(pod)));
    }

    /** The same pod, seen to be gone. */
    public PodObservation gone() {
        return new PodObservation(
                namespace, workflowUid, nodeId, podUid, nodeSeq, completed, labels, PodFacts.gone(facts.podName()));
    }

    static int nodeSeq(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(PodGateway.ANNOTATION_NODE_SEQ);
        return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    }

    public boolean hasEnded() {
        return facts.phase() == PodPhase.SUCCEEDED || facts.phase() == PodPhase.FAILED;
    }

    private static PodFacts facts(Pod pod) {
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        List<ContainerFacts> containers = new ArrayList<>();
        for (ContainerStatus container : status.getInitContainerStatuses()) {
            containers.add(facts(container, container.getName().equals(Names.EXECUTOR) ? Role.EXECUTOR : Role.INIT));
        }
        Set<String> mains = mainContainers(pod);
        for (ContainerStatus container : status.getContainerStatuses()) {
            containers.add(facts(container, mains.contains(container.getName()) ? Role.MAIN : Role.SIDECAR));
        }
        PodPhase phase = phase(status.getPhase());
        boolean going = pod.getMetadata().getDeletionTimestamp() != null
                && phase != PodPhase.SUCCEEDED
                && phase != PodPhase.FAILED
                && containers.stream().noneMatch(container -> container.state() == ContainerState.RUNNING);
        return new PodFacts(
                pod.getMetadata().getName(),
                phase,
                status.getReason(),
                message(status, phase),
                pod.getSpec() == null ? null : pod.getSpec().getNodeName(),
                status.getPodIP(),
                time(status.getStartTime()),
                containers,
                going,
                phase == PodPhase.SUCCEEDED || phase == PodPhase.FAILED ? ResourcesDuration.of(pod) : Map.of());
    }

    /** Containers whose end is the node's end; a pod of a container set says which they are. */
    private static Set<String> mainContainers(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String names = annotations == null ? null : annotations.get(Names.ANNOTATION_MAIN_CONTAINERS);
        return names == null ? Set.of(Names.MAIN) : Set.copyOf(Arrays.asList(names.split(",")));
    }

    private static PodPhase phase(@Nullable String phase) {
        return switch (phase) {
            case "Running" -> PodPhase.RUNNING;
            case "Succeeded" -> PodPhase.SUCCEEDED;
            case "Failed" -> PodPhase.FAILED;
            case "Unknown" -> PodPhase.UNKNOWN;
            case null, default -> PodPhase.PENDING;
        };
    }

    private static @Nullable String message(PodStatus status, PodPhase phase) {
        if (status.getMessage() != null && !status.getMessage().isEmpty()) {
            return status.getMessage();
        }
        if (phase != PodPhase.PENDING) {
            return null;
        }
        for (PodCondition condition : status.getConditions()) {
            if ("PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus())) {
                return condition.getReason() + ": " + condition.getMessage();
            }
        }
        return null;
    }

    private static ContainerFacts facts(ContainerStatus status, Role role) {
        var state = status.getState();
        boolean ready = Boolean.TRUE.equals(status.getReady());
        if (state != null && state.getTerminated() != null) {
            ContainerStateTerminated ended = state.getTerminated();
            return new ContainerFacts(
                    status.getName(),
                    role,
                    ContainerState.TERMINATED,
                    ready,
                    ended.getReason(),
                    ended.getMessage(),
                    ended.getExitCode(),
                    time(ended.getStartedAt()),
                    time(ended.getFinishedAt()));
        }
        if (state != null && state.getRunning() != null) {
            return new ContainerFacts(
                    status.getName(),
                    role,
                    ContainerState.RUNNING,
                    ready,
                    null,
                    null,
                    null,
                    time(state.getRunning().getStartedAt()),
                    null);
        }
        ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
        return new ContainerFacts(
                status.getName(),
                role,
                ContainerState.WAITING,
                ready,
                waiting == null ? null : waiting.getReason(),
                waiting == null ? null : waiting.getMessage(),
                null,
                null,
                null);
    }

    private static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
