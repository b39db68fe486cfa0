package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a pod has used, as Argo reckons it: for each container and resource, whole seconds between its start and end times
 * the amount requested (else the limit, else 100m of cpu and 100Mi of memory) over a base of 1, 100Mi of memory or 10Gi of
 * storage, rounded down.
 */
final class ResourcesDuration {
    private static final BigDecimal MEMORY = BigDecimal.valueOf(100L * 1024 * 1024);
    private static final BigDecimal STORAGE = BigDecimal.valueOf(10L * 1024 * 1024 * 1024);

    private ResourcesDuration() {}

    /** Seconds by resource; only containers that have ended count. */
    static Map<String, Long> of(Pod pod) {
        Map<String, Map<String, BigDecimal>> requested = new HashMap<>();
        if (pod.getSpec() != null) {
            pod.getSpec().getInitContainers().forEach(c -> requested.put(c.getName(), amounts(c)));
            pod.getSpec().getContainers().forEach(c -> requested.put(c.getName(), amounts(c)));
        }
        Map<String, Long> used = new TreeMap<>();
        if (pod.getStatus() != null) {
            pod.getStatus().getInitContainerStatuses().forEach(status -> add(used, requested, status));
            pod.getStatus().getContainerStatuses().forEach(status -> add(used, requested, status));
        }
        return used;
    }

    private static void add(
            Map<String, Long> used, Map<String, Map<String, BigDecimal>> requested, ContainerStatus status) {
        BigDecimal seconds = BigDecimal.valueOf(seconds(status));
        requested
                .getOrDefault(status.getName(), Map.of())
                .forEach((resource, amount) -> used.merge(
                        resource,
                        amount.multiply(seconds)
                                .divide(base(resource), 0, RoundingMode.DOWN)
                                .longValue(),
                        Long::sum));
    }

    private static Map<String, BigDecimal> amounts(Container container) {
        Map<String, BigDecimal> amounts = new HashMap<>();
        amounts.put("cpu", new BigDecimal("0.1"));
        amounts.put("memory", MEMORY);
        ResourceRequirements resources = container.getResources();
        if (resources != null) {
            put(amounts, resources.getLimits());
            put(amounts, resources.getRequests());
        }
        return amounts;
    }

    private static void put(Map<String, BigDecimal> amounts, @Nullable Map<String, Quantity> quantities) {
        if (quantities != null) {
            quantities.forEach((resource, quantity) -> amounts.put(resource, quantity.getNumericalAmount()));
        }
    }

    private static BigDecimal base(String resource) {
        return switch (resource) {
            case "memory" -> MEMORY;
            case "storage", "ephemeral-storage" -> STORAGE;
            default -> BigDecimal.ONE;
        };
    }

    private static long seconds(ContainerStatus status) {
        ContainerStateTerminated ended =
                status.getState() == null ? null : status.getState().getTerminated();
        if (ended == null || ended.getStartedAt() == null || ended.getFinishedAt() == null) {
            return 0;
        }
        try {
            Duration age = Duration.between(
                    OffsetDateTime.parse(ended.getStartedAt()), OffsetDateTime.parse(ended.getFinishedAt()));
            return Math.max(0, age.toSeconds());
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
