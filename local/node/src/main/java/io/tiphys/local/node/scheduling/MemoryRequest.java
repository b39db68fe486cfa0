package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much memory a pod has to have: that of all that run side by side, or of the init container that needs more than these. */
final class MemoryRequest {
    private static final String MEMORY = "memory";

    private MemoryRequest() {}

    static BigDecimal of(Pod pod) {
        BigDecimal together = BigDecimal.ZERO;
        BigDecimal alone = BigDecimal.ZERO;
        for (Container container : pod.getSpec().getInitContainers()) {
            BigDecimal own = of(container.getResources());
            if ("Always".equals(container.getRestartPolicy())) {
                together = together.add(own);
            } else {
                alone = alone.max(together.add(own));
            }
        }
        for (Container container : pod.getSpec().getContainers()) {
            together = together.add(of(container.getResources()));
        }
        return together.max(alone).max(of(pod.getSpec().getResources()));
    }

    /** A limit counts where there is no request, as the API server fills it in. */
    private static BigDecimal of(@Nullable ResourceRequirements resources) {
        if (resources == null) {
            return BigDecimal.ZERO;
        }
        Map<String, Quantity> requests = resources.getRequests();
        Map<String, Quantity> limits = resources.getLimits();
        Quantity memory = requests != null && requests.containsKey(MEMORY)
                ? requests.get(MEMORY)
                : limits == null ? null : limits.get(MEMORY);
        return memory == null ? BigDecimal.ZERO : memory.getNumericalAmount();
    }
}
