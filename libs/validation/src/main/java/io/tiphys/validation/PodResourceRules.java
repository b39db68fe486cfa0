package io.tiphys.validation;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.tiphys.api.JsonPaths;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resources of a whole pod: Kubernetes takes CPU, memory and huge pages only. */
final class PodResourceRules {
    private PodResourceRules() {}

    static void check(@Nullable ResourceRequirements resources, String path, Findings findings) {
        if (resources == null) {
            return;
        }
        if (resources.getClaims() != null && !resources.getClaims().isEmpty()) {
            findings.problem(JsonPaths.field(path, "claims"), "can't be given for a whole pod");
        }
        checkNames(resources.getLimits(), JsonPaths.field(path, "limits"), findings);
        checkNames(resources.getRequests(), JsonPaths.field(path, "requests"), findings);
    }

    private static void checkNames(@Nullable Map<String, Quantity> amounts, String path, Findings findings) {
        if (amounts != null) {
            amounts.keySet().stream()
                    .filter(name -> !name.equals("cpu") && !name.equals("memory") && !name.startsWith("hugepages-"))
                    .forEach(name -> findings.problem(
                            JsonPaths.field(path, name),
                            "\"" + name + "\" can't be given for a whole pod, only cpu, memory and hugepages-*"));
        }
    }
}
