package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.tiphys.api.Template;
import io.tiphys.engine.Command.EnsurePod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The pod of a resource or data template: the executor itself is {@code main}. It stages what it needs, does its work and reports before it
 * ends, so nobody waits beside it (Argo: argoexec resource, argoexec data).
 */
record Worker(Container main, UserContainers user, ArgoVariables variables) implements Shape {

    static Worker of(
            EnsurePod wish, WorkflowFacts workflow, PodSettings settings, CapabilitySigner signer, Instant now) {
        Template template = wish.template();
        UserContainers user = UserContainers.beside(template);
        WorkerPlan plan = WorkerPlan.of(wish, workflow);
        Container main = ExecutorContainer.of(
                        Names.MAIN, plan.task(), plan.capability(now.plus(settings.capabilityLife())), settings, signer)
                .addToEnv(ArgoVariables.variable("TIPHYS_MODE", template.resource() != null ? "resource" : "data"))
                .withVolumeMounts(
                        PodVolumes.mount(Names.VOLUME_TIPHYS, Names.PATH_TIPHYS),
                        PodVolumes.mount(Names.VOLUME_INPUTS, Names.PATH_INPUTS))
                .build();
        return new Worker(
                ContainerDefaults.merge(settings.mainContainer(), main), user, new ArgoVariables(wish, workflow));
    }

    @Override
    public List<Container> initContainers() {
        return user.initContainers().stream().map(variables::onInit).toList();
    }

    @Override
    public List<Container> containers() {
        List<Container> containers = new ArrayList<>();
        containers.add(variables.on(main));
        user.sidecars().forEach(sidecar -> containers.add(new ContainerBuilder(variables.on(sidecar)).build()));
        return containers;
    }

    @Override
    public List<Volume> volumes() {
        return List.of(PodVolumes.emptyDir(Names.VOLUME_TIPHYS), PodVolumes.emptyDir(Names.VOLUME_INPUTS));
    }
}
