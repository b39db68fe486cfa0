package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one object uses up of quotas (Kubernetes: pkg/quota/v1).
 *
 * @param amounts by the names that quotas use, such as {@code requests.cpu}
 * @param unsaid which of {@link #COMPUTE} containers of a pod leave open, and which containers
 */
record QuotaUsage(Map<String, Amount> amounts, Map<String, String> unsaid, boolean terminating, String priorityClass) {
    static final QuotaUsage NONE = new QuotaUsage(Map.of(), Map.of(), false, "");

    private static final String[] KINDS = {"requests", "limits"};
    private static final String[] COMPUTE = {"cpu", "memory"};

    /** Whether it is a pod that asks for nothing and is limited in nothing. */
    boolean bestEffort() {
        return amounts.keySet().stream().noneMatch(name -> name.startsWith("requests.") || name.startsWith("limits."));
    }

    static QuotaUsage of(ResourceType type, ObjectNode object) {
        Map<String, Amount> amounts = new TreeMap<>();
        Map<String, String> unsaid = new TreeMap<>();
        amounts.put("count/" + type.qualifiedPlural(), Amount.of(1));
        if (type.isPod()) {
            String phase = Json.text("", object, "status", "phase");
            if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                amounts.put("pods", Amount.of(1));
                compute(object.path("spec"), amounts, unsaid);
            }
        } else if (type.is("", "persistentvolumeclaims")) {
            amounts.put(type.plural(), Amount.of(1));
            String storage = Json.text("", object, "spec", "resources", "requests", "storage");
            if (!storage.isEmpty()) {
                amounts.put("requests.storage", Amount.parse(storage));
            }
        } else if (type.group().isEmpty()) {
            amounts.put(type.plural(), Amount.of(1));
        }
        return new QuotaUsage(
                Map.copyOf(amounts),
                Map.copyOf(unsaid),
                object.path("spec").hasNonNull("activeDeadlineSeconds"),
                Json.text("", object, "spec", "priorityClassName"));
    }

    private static void compute(JsonNode spec, Map<String, Amount> amounts, Map<String, String> unsaid) {
        for (String kind : KINDS) {
            Map<String, Amount> all = new LinkedHashMap<>();
            Map<String, Amount> sidecars = new LinkedHashMap<>();
            Map<String, Amount> starting = new LinkedHashMap<>();
            spec.path("containers").forEach(container -> add(all, container, kind));
            for (JsonNode init : spec.path("initContainers")) {
                if (init.path("restartPolicy").asText("").equals("Always")) {
                    add(sidecars, init, kind);
                    add(all, init, kind);
                } else {
                    Map<String, Amount> then = new LinkedHashMap<>(sidecars);
                    add(then, init, kind);
                    then.forEach((resource, amount) -> starting.merge(resource, amount, Amount::max));
                }
            }
            starting.forEach((resource, amount) -> all.merge(resource, amount, Amount::max));
            Map<String, Amount> ofPod = resources(spec, kind);
            all.putAll(ofPod);
            all.forEach((resource, amount) -> {
                amounts.put(kind + "." + resource, amount);
                if (kind.equals("requests")) {
                    amounts.put(resource, amount);
                }
            });
            for (String resource : COMPUTE) {
                if (!ofPod.containsKey(resource)) {
                    leftOpen(spec, kind, resource, unsaid);
                }
            }
        }
    }

    private static void leftOpen(JsonNode spec, String kind, String resource, Map<String, String> unsaid) {
        for (String list : new String[] {"initContainers", "containers"}) {
            for (JsonNode container : spec.path(list)) {
                if (!resources(container, kind).containsKey(resource)) {
                    String name = container.path("name").asText("");
                    unsaid.merge(kind + "." + resource, name, (names, next) -> names + "," + next);
                    if (kind.equals("requests")) {
                        unsaid.merge(resource, name, (names, next) -> names + "," + next);
                    }
                }
            }
        }
    }

    private static void add(Map<String, Amount> sum, JsonNode container, String kind) {
        resources(container, kind).forEach((resource, amount) -> sum.merge(resource, amount, Amount::plus));
    }

    /** What isn't requested is, up to its limit. */
    private static Map<String, Amount> resources(JsonNode owner, String kind) {
        Map<String, Amount> resources = new LinkedHashMap<>();
        JsonNode said = owner.path("resources");
        if (kind.equals("requests")) {
            said.path("limits")
                    .properties()
                    .forEach(entry -> resources.put(
                            entry.getKey(), Amount.parse(entry.getValue().asText())));
        }
        said.path(kind)
                .properties()
                .forEach(entry -> resources.put(
                        entry.getKey(), Amount.parse(entry.getValue().asText())));
        return resources;
    }
}
