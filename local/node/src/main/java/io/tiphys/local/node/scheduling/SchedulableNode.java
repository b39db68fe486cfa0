package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a Node object counts for scheduling.
 *
 * @param cordoned whether new pods are to keep away ({@code spec.unschedulable})
 * @param memory its bytes of memory for pods; null if it doesn't say
 */
public record SchedulableNode(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        boolean cordoned,
        @Nullable BigDecimal memory) {
    public SchedulableNode {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    /** The same of an object. */
    public static SchedulableNode of(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        return new SchedulableNode(
                node.getMetadata().getName(),
                labels == null ? Map.of() : labels,
                node.getSpec() == null ? List.of() : node.getSpec().getTaints(),
                node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable()),
                memory(node));
    }

    private static @Nullable BigDecimal memory(Node node) {
        Quantity memory = node.getStatus() == null || node.getStatus().getAllocatable() == null
                ? null
                : node.getStatus().getAllocatable().get("memory");
        return memory == null ? null : memory.getNumericalAmount();
    }
}
