package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod that has a node and hasn't ended.
 *
 * @param keepsAway terms of what must not come into its topology domains
 */
public record PlacedPod(String namespace, Map<String, String> labels, String node, List<PodAffinityTerm> keepsAway) {
    public PlacedPod {
        labels = Map.copyOf(labels);
        keepsAway = List.copyOf(keepsAway);
    }

    /** The pod on this node. */
    public static PlacedPod of(Pod pod, String node) {
        return new PlacedPod(pod.getMetadata().getNamespace(), labels(pod), node, keepsAway(pod));
    }

    static Map<String, String> labels(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    static List<PodAffinityTerm> keepsAway(Pod pod) {
        return Optional.ofNullable(pod.getSpec().getAffinity())
                .map(Affinity::getPodAntiAffinity)
                .map(rules -> rules.getRequiredDuringSchedulingIgnoredDuringExecution())
                .orElse(List.of());
    }
}
