package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.tiphys.local.node.container.ContainerSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a container's processes are: the container's security context over the pod's. Null where neither says. */
record RunAs(@Nullable Long user, @Nullable Long group, boolean neverRoot, List<Long> supplementaryGroups) {
    static RunAs of(PodSpec pod, Container container) {
        PodSecurityContext outer =
                pod.getSecurityContext() == null ? new PodSecurityContextBuilder().build() : pod.getSecurityContext();
        SecurityContext own = container.getSecurityContext() == null
                ? new SecurityContextBuilder().build()
                : container.getSecurityContext();
        List<Long> groups = new ArrayList<>(outer.getSupplementalGroups());
        if (outer.getFsGroup() != null) {
            groups.add(outer.getFsGroup());
        }
        return new RunAs(
                first(own.getRunAsUser(), outer.getRunAsUser()),
                first(own.getRunAsGroup(), outer.getRunAsGroup()),
                Boolean.TRUE.equals(first(own.getRunAsNonRoot(), outer.getRunAsNonRoot())),
                groups);
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T outer) {
        return own != null ? own : outer;
    }

    boolean isRoot() {
        return user == null || user == 0;
    }

    void check() throws ConfigException {
        if (neverRoot && isRoot()) {
            throw new ConfigException(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root: set runAsUser");
        }
    }

    void apply(ContainerSpec spec) {
        if (user != null || group != null) {
            spec.user(user == null ? 0 : user).group(group == null ? 0 : group);
        }
        supplementaryGroups.forEach(spec::supplementaryGroup);
    }
}
