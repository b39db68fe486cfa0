package io.tiphys.controller.shard;

import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import java.util.Set;

/**
 * Which failed pods are made again because they never began, Argo's {@code failedPodRestart} (Argo: docs/pod-restarts.md,
 * workflow/controller/pod_restart.go). It is for what the cluster did to a pod, not for what the pod did, so it is none of
 * {@code retryStrategy}'s attempts.
 *
 * @param most times for one node; 0 for never
 */
public record PodRestarts(int most) {
    private static final Set<String> REASONS =
            Set.of("Evicted", "NodeShutdown", "NodeAffinity", "UnexpectedAdmissionError");

    /**
     * Whether a pod is to be made again.
     *
     * @param before how often the node's pod was already
     */
    boolean applies(PodFacts pod, int before) {
        String reason = pod.reason();
        return before < most
                && pod.phase() == PodPhase.FAILED
                && reason != null
                && REASONS.contains(reason)
                && pod.containers().stream().noneMatch(PodRestarts::hasBegun);
    }

    private static boolean hasBegun(ContainerFacts container) {
        return container.role() == Role.MAIN && container.startedAt() != null;
    }
}
