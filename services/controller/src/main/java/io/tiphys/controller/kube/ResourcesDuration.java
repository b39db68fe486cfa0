package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Quantity;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod has used, as Argo reckons it: for each container and resource, whole seconds between its start and end times
 * the amount requested (else the limit, else 100m of cpu and 100Mi of memory) over a base of 1, 100Mi of memory or 10Gi of
 * storage, rounded down.
 */
final class ResourcesDuration {
    private static final BigDecimal MEMORY = BigDecimal.valueOf(100L * 1024 * 1024);
    private static final BigDecimal STORAGE = BigDecimal.valueOf(10L * 1024 * 1024 * 1024);

    private static final Map<String, BigDecimal> DEFAULTS = Map.of("cpu", new BigDecimal("0.1"), "memory", MEMORY);

    private ResourcesDuration() {}

    /**
     * Seconds by resource; only containers that have ended count.
     *
     * @param requested by container and resource: the amount requested, else the limit, as Kubernetes writes quantities
     */
    static Map<String, Long> of(Map<String, Map<String, String>> requested, List<ContainerFacts> containers) {
        Map<String, Long> used = new TreeMap<>();
        for (ContainerFacts container : containers) {
            Map<String, String> amounts = requested.get(container.name());
            if (amounts != null) {
                add(used, amounts(amounts), BigDecimal.valueOf(seconds(container)));
            }
        }
        return used;
    }

    private static void add(Map<String, Long> used, Map<String, BigDecimal> amounts, BigDecimal seconds) {
        amounts.forEach((resource, amount) -> used.merge(
                resource,
                amount.multiply(seconds)
                        .divide(base(resource), 0, RoundingMode.DOWN)
                        .longValue(),
                Long::sum));
    }

    private static Map<String, BigDecimal> amounts(Map<String, String> requested) {
        if (requested.isEmpty()) {
            return DEFAULTS;
        }
        Map<String, BigDecimal> amounts = new HashMap<>(DEFAULTS);
        requested.forEach((resource, quantity) -> amounts.put(resource, new Quantity(quantity).getNumericalAmount()));
        return amounts;
    }

    private static BigDecimal base(String resource) {
        return switch (resource) {
            case "memory" -> MEMORY;
            case "storage", "ephemeral-storage" -> STORAGE;
            default -> BigDecimal.ONE;
        };
    }

    private static long seconds(ContainerFacts container) {
        return container.state() == ContainerState.TERMINATED
                        && container.startedAt() != null
                        && container.finishedAt() != null
                ? Math.max(
                        0,
                        Duration.between(container.startedAt(), container.finishedAt())
                                .toSeconds())
                : 0;
    }
}
