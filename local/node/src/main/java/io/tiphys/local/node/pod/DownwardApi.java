package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a pod may ask about itself: {@code fieldRef} and {@code resourceFieldRef}. */
record DownwardApi(Pod pod, PodPlace place, String hostAddress) {
    String field(ObjectFieldSelector selector) throws ConfigException {
        String path = selector.getFieldPath();
        int bracket = path.indexOf("['");
        if (bracket > 0 && path.endsWith("']")) {
            String key = path.substring(bracket + 2, path.length() - 2);
            Map<String, String> map = map(path.substring(0, bracket));
            return map.getOrDefault(key, "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels", "metadata.annotations" -> lines(map(path));
            case "spec.nodeName" -> place.node();
            case "spec.serviceAccountName" -> orEmpty(pod.getSpec().getServiceAccountName());
            case "status.hostIP", "status.hostIPs" -> hostAddress;
            case "status.podIP", "status.podIPs" -> place.address();
            default ->
                throw new ConfigException("CreateContainerConfigError", "fieldPath \"" + path + "\" is not supported");
        };
    }

    private Map<String, String> map(String path) throws ConfigException {
        Map<String, String> map = switch (path) {
            case "metadata.labels" -> pod.getMetadata().getLabels();
            case "metadata.annotations" -> pod.getMetadata().getAnnotations();
            default ->
                throw new ConfigException("CreateContainerConfigError", "fieldPath \"" + path + "\" has no keys");
        };
        return map == null ? Map.of() : map;
    }

    private static String lines(Map<String, String> map) {
        return new TreeMap<>(map)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=\"" + entry.getValue().replace("\"", "\\\"") + "\"")
                        .collect(Collectors.joining("\n"));
    }

    String resource(ResourceFieldSelector selector, Container container) throws ConfigException {
        Container source = selector.getContainerName() == null ? container : byName(selector.getContainerName());
        String[] path = selector.getResource().split("\\.", 2);
        ResourceRequirements resources = source.getResources();
        Quantity limit = resources == null || resources.getLimits() == null
                ? null
                : resources.getLimits().get(path[1]);
        Quantity request = resources == null || resources.getRequests() == null
                ? null
                : resources.getRequests().get(path[1]);
        Quantity found = path[0].equals("limits") ? limit : request == null ? limit : request;
        BigDecimal amount = found != null
                ? found.getNumericalAmount()
                : path[0].equals("limits") ? machine(path[1]) : BigDecimal.ZERO;
        Quantity divisor = selector.getDivisor();
        BigDecimal unit = divisor == null || divisor.getNumericalAmount().signum() == 0
                ? BigDecimal.ONE
                : divisor.getNumericalAmount();
        return amount.divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }

    private Container byName(String name) throws ConfigException {
        for (Container container : pod.getSpec().getContainers()) {
            if (container.getName().equals(name)) {
                return container;
            }
        }
        throw new ConfigException("CreateContainerConfigError", "container \"" + name + "\" not found");
    }

    /** A container without a limit may use all there is. */
    private static BigDecimal machine(String resource) {
        return switch (resource) {
            case "cpu" -> BigDecimal.valueOf(Runtime.getRuntime().availableProcessors());
            case "memory" -> BigDecimal.valueOf(MachineMemory.bytes());
            default -> BigDecimal.ZERO;
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
