package io.tiphys.controller.shard;

import io.tiphys.controller.kube.PodObservation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods of one workflow that were seen: the one that counts of each node, and those that were sent away but aren't gone yet. */
final class SeenPods {
    private final Map<String, PodObservation> seen = new LinkedHashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private final Map<String, PodObservation> dismissed = new LinkedHashMap<>();

    /** The node's pod, or null if none was seen. */
    @Nullable
    PodObservation of(String nodeId) {
        return seen.get(nodeId);
    }

    /** Uid of the node's pod, or null if none was seen. */
    @Nullable
    String uid(String nodeId) {
        PodObservation pod = seen.get(nodeId);
        return pod == null ? null : pod.podUid();
    }

    void note(PodObservation pod, int generation) {
        seen.put(pod.nodeId(), pod);
        generations.merge(pod.podUid(), generation, Math::max);
    }

    /** The pod is of no use and goes; its successor is another matter. */
    void dismiss(PodObservation pod) {
        dismissed.put(pod.podUid(), pod);
        seen.remove(pod.nodeId());
    }

    boolean isDismissed(PodObservation pod) {
        return dismissed.containsKey(pod.podUid());
    }

    /** Names of the node's pods that were sent away and aren't gone yet. */
    List<String> dismissedNames(String nodeId) {
        return dismissed.values().stream()
                .filter(pod -> pod.nodeId().equals(nodeId))
                .map(pod -> pod.facts().podName())
                .distinct()
                .toList();
    }

    /** Forgets a pod that is gone; false if it was sent away, or isn't the node's any more. */
    boolean forget(PodObservation last) {
        generations.remove(last.podUid());
        boolean wasSentAway = dismissed.remove(last.podUid()) != null;
        PodObservation current = seen.get(last.nodeId());
        if (current != null && isSame(current, last)) {
            seen.remove(last.nodeId());
        }
        return !wasSentAway && (current == null || isSame(current, last));
    }

    /** Pods that only earlier generations of watches saw. */
    List<PodObservation> unseenBy(int generation) {
        return seen.values().stream()
                .filter(pod -> generations.getOrDefault(pod.podUid(), 0) < generation)
                .toList();
    }

    Stream<PodObservation> stream() {
        return seen.values().stream();
    }

    List<PodObservation> all() {
        return new ArrayList<>(seen.values());
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    /** Whether the pod isn't known to be gone. */
    boolean isThere(PodObservation pod) {
        PodObservation last = seen.get(pod.nodeId());
        return dismissed.containsKey(pod.podUid()) || (last != null && isSame(last, pod));
    }

    static boolean isSame(PodObservation one, PodObservation other) {
        return one.podUid().equals(other.podUid());
    }
}
