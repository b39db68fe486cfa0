package io.tiphys.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a pod: the part of {@code pod.status} that decides about a node.
 *
 * @param podName name of the pod
 * @param phase the pod's phase
 * @param reason {@code status.reason}, e.g. {@code Evicted}
 * @param message {@code status.message}; for a pending pod the reason why it isn't scheduled
 * @param hostName the node that it runs on
 * @param podIp its address
 * @param startedAt {@code status.startTime}
 * @param containers init containers, then containers, in the pod's order
 * @param resources what it has used until its end, in seconds by resource; empty while it runs
 * @param deleted the pod is gone (or going, with no container running any more) while nobody asked for it
 * @param podUid tells it from another pod of the same name; null if nobody said
 */
public record PodFacts(
        String podName,
        PodPhase phase,
        @Nullable String reason,
        @Nullable String message,
        @Nullable String hostName,
        @Nullable String podIp,
        @Nullable Instant startedAt,
        List<ContainerFacts> containers,
        boolean deleted,
        Map<String, Long> resources,
        @Nullable String podUid) {

    public PodFacts {
        resources = Collections.unmodifiableMap(new TreeMap<>(resources));
        containers = List.copyOf(containers);
    }

    /** A pod of which nobody knows what it has used. */
    public PodFacts(
            String podName,
            PodPhase phase,
            @Nullable String reason,
            @Nullable String message,
            @Nullable String hostName,
            @Nullable String podIp,
            @Nullable Instant startedAt,
            List<ContainerFacts> containers,
            boolean deleted) {
        this(podName, phase, reason, message, hostName, podIp, startedAt, containers, deleted, Map.of(), null);
    }

    /** Phase of a pod as Kubernetes names it. */
    public enum PodPhase {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        UNKNOWN
    }

    /** What a container is for. The executor counts as {@link #EXECUTOR} in either form, sidecar or init plus wait. */
    public enum Role {
        INIT,
        EXECUTOR,
        MAIN,
        SIDECAR
    }

    /** Where a container's life stands. */
    public enum ContainerState {
        WAITING,
        RUNNING,
        TERMINATED
    }

    /**
     * One container of the pod.
     *
     * @param role {@link Role#MAIN} for the container {@code main} and for every container of a container set
     * @param reason of waiting or of termination
     * @param message of waiting, or the termination message
     * @param exitCode once terminated
     */
    public record ContainerFacts(
            String name,
            Role role,
            ContainerState state,
            boolean ready,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Integer exitCode,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {}

    /** The same pod before anything came of it. */
    public PodFacts asPending() {
        return new PodFacts(
                podName, PodPhase.PENDING, null, null, hostName, podIp, startedAt, List.of(), false, Map.of(), podUid);
    }

    /** A pod that is gone. */
    public static PodFacts gone(String podName) {
        return new PodFacts(podName, PodPhase.UNKNOWN, null, null, null, null, null, List.of(), true, Map.of(), null);
    }
}
