package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.tiphys.api.Template;
import io.tiphys.api.UserContainer;
import io.tiphys.engine.Command.EnsurePod;
import java.util.ArrayList;
import java.util.List;

/**
 * The containers that the user wrote: {@code main}, sidecars, init containers. {@code mirrorVolumeMounts} is resolved:
 * such a container has main's mounts as well.
 *
 * @param isScript main runs a script, whose path is to be its last argument
 */
record UserContainers(
        Container main, boolean isScript, List<Container> sidecars, List<Container> initContainers, EnsurePod wish) {

    static UserContainers of(EnsurePod wish) {
        Template template = wish.template();
        Container main;
        if (template.container() != null) {
            main = template.container();
        } else if (template.script() != null) {
            main = template.script().container();
        } else {
            throw new PodRefusedException(
                    "template \"%s\" is neither a container nor a script; this version runs no other templates in pods"
                            .formatted(template.name()));
        }
        Container named = new ContainerBuilder(main).withName(Names.MAIN).build();
        return new UserContainers(
                named,
                template.script() != null,
                resolved(template.sidecars(), named.getVolumeMounts()),
                resolved(template.initContainers(), named.getVolumeMounts()),
                wish);
    }

    /** Main and the sidecars as they go into a lean pod. */
    List<Container> containersWithIdentity() {
        List<Container> containers = new ArrayList<>();
        containers.add(withIdentity(main));
        sidecars.forEach(sidecar -> containers.add(withIdentity(sidecar)));
        return containers;
    }

    /** The container with the variables by which Argo tells a program where it runs. */
    Container withIdentity(Container container) {
        return new ContainerBuilder(container)
                .addAllToEnv(List.of(
                        variable("ARGO_CONTAINER_NAME", container.getName()),
                        variable("ARGO_NODE_ID", wish.nodeId()),
                        variable("ARGO_POD_NAME", wish.podName())))
                .build();
    }

    static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static List<Container> resolved(List<UserContainer> containers, List<VolumeMount> mainMounts) {
        List<Container> resolved = new ArrayList<>();
        for (UserContainer container : containers) {
            ContainerBuilder builder = new ContainerBuilder(container.container());
            if (container.mirrorVolumeMounts()) {
                List<String> taken = container.container().getVolumeMounts().stream()
                        .map(VolumeMount::getMountPath)
                        .toList();
                mainMounts.stream()
                        .filter(mount -> !taken.contains(mount.getMountPath()))
                        .forEach(builder::addToVolumeMounts);
            }
            resolved.add(builder.build());
        }
        return List.copyOf(resolved);
    }
}
