package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.tiphys.api.ContainerNode;
import io.tiphys.api.ContainerSetTemplate;
import io.tiphys.api.Template;
import io.tiphys.api.UserContainer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The containers that the user wrote: those whose end is the node's end (main, or the containers of a container set), sidecars, init
 * containers. {@code mirrorVolumeMounts} is resolved: such a container has main's mounts as well.
 *
 * @param mains names are set; empty where main is the executor
 * @param isScript main runs a script, whose path is to be its last argument
 */
record UserContainers(
        List<Container> mains, boolean isScript, List<Container> sidecars, List<Container> initContainers) {

    static UserContainers of(Template template, @Nullable Container defaults) {
        List<Container> mains = mains(template).stream()
                .map(container -> ContainerDefaults.merge(defaults, container))
                .toList();
        List<VolumeMount> mounts = mains.stream()
                .filter(container -> Names.MAIN.equals(container.getName()))
                .findFirst()
                .orElse(mains.getFirst())
                .getVolumeMounts();
        return new UserContainers(
                mains,
                template.script() != null && template.script().hasSource(),
                resolved(template.sidecars(), mounts),
                resolved(template.initContainers(), mounts));
    }

    /**
     * The same with the containers that patches add, which are sidecars: they end with main (Argo's wait kills whatever is left). Of these
     * there is but the name yet.
     */
    UserContainers withSidecarsOf(@Nullable String... patches) {
        Set<String> known = new LinkedHashSet<>(mainNames());
        known.addAll(sidecarNames());
        List<Container> all = new ArrayList<>(sidecars);
        for (String patch : patches) {
            if (patch != null && !patch.isBlank()) {
                PodSpecPatch.added(patch, known).stream()
                        .filter(known::add)
                        .forEach(name ->
                                all.add(new ContainerBuilder().withName(name).build()));
            }
        }
        return new UserContainers(mains, isScript, List.copyOf(all), initContainers);
    }

    /** What a template gives beside a main that isn't the user's. */
    static UserContainers beside(Template template) {
        return new UserContainers(
                List.of(),
                false,
                resolved(template.sidecars(), List.of()),
                resolved(template.initContainers(), List.of()));
    }

    private static List<Container> mains(Template template) {
        if (template.container() != null) {
            return List.of(named(template.container()));
        }
        if (template.script() != null) {
            return List.of(named(template.script().container()));
        }
        if (template.containerSet() != null) {
            return ofSet(template.containerSet());
        }
        throw new PodRefusedException("template \"%s\" is no container, script, containerSet, resource or data template"
                .formatted(template.name()));
    }

    private static List<Container> ofSet(ContainerSetTemplate set) {
        List<Container> containers = new ArrayList<>();
        for (ContainerNode node : set.containers()) {
            ContainerBuilder container = new ContainerBuilder(node.container());
            if (node.name().isEmpty()) {
                container.withName(Names.MAIN);
            }
            containers.add(container.addAllToVolumeMounts(set.volumeMounts()).build());
        }
        if (containers.isEmpty()) {
            throw new PodRefusedException("containerSet.containers is empty; give it at least one container");
        }
        return containers;
    }

    private static Container named(Container container) {
        return new ContainerBuilder(container).withName(Names.MAIN).build();
    }

    List<String> mainNames() {
        return mains.stream().map(Container::getName).toList();
    }

    List<String> sidecarNames() {
        return sidecars.stream().map(Container::getName).toList();
    }

    /** The same with each of the main containers changed. */
    UserContainers withMains(UnaryOperator<Container> change) {
        return new UserContainers(mains.stream().map(change).toList(), isScript, sidecars, initContainers);
    }

    /** Main containers and sidecars, in the pod's order. */
    List<Container> containers() {
        List<Container> containers = new ArrayList<>(mains);
        containers.addAll(sidecars);
        return containers;
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
