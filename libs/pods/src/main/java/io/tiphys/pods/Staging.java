package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.tiphys.api.Artifact;
import io.tiphys.api.Template;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.transfer.PodTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The staged shape of a pod (docs/reference/contracts.md, "The pod"): the executor as a native sidecar that gates the
 * start of main, and the user's containers wrapped by emissary.
 */
record Staging(Container executor, PodTask task, UserContainers user, ArgoVariables variables, EmissaryCommand emissary)
        implements Shape {

    static Staging of(
            EnsurePod wish,
            WorkflowFacts workflow,
            PodSettings settings,
            UserContainers user,
            CapabilitySigner signer,
            Instant now) {
        List<Artifact> artifacts = wish.template().inputs().artifacts();
        InputPlaces staged = InputPlaces.ofAll(user.mains());
        DataPlan data = DataPlan.of(wish, workflow, settings, user, staged);
        Container executor = ExecutorContainer.of(
                        Names.EXECUTOR,
                        data.task(),
                        data.capability(now.plus(settings.capabilityLife())),
                        settings,
                        signer)
                .withRestartPolicy("Always")
                .withNewLifecycle()
                .withNewPostStart()
                .withNewExec()
                .withCommand("/tiphys/emissary", "await", Names.PATH_TIPHYS + "/staged")
                .endExec()
                .endPostStart()
                .endLifecycle()
                .withVolumeMounts(executorMounts(staged, artifacts))
                .build();
        return new Staging(
                executor,
                data.task(),
                user.withMains(container -> new ContainerBuilder(container)
                        .addAllToVolumeMounts(staged.mainMounts(artifacts, user.isScript()))
                        .build()),
                new ArgoVariables(wish, workflow),
                new EmissaryCommand(wish.template(), settings));
    }

    /** Whether anything must go into or come out of the pod, or end with main, or wait for another container, or is too long. */
    static boolean isNeeded(EnsurePod wish, WorkflowFacts workflow, PodSettings settings, UserContainers user) {
        Template template = wish.template();
        return wish.movesData()
                || wish.includeResult()
                || template.script() != null
                || !user.sidecars().isEmpty()
                || !template.inputs().artifacts().isEmpty()
                || !template.outputs().artifacts().isEmpty()
                || EmissaryCommand.isNeeded(template)
                || ProgressFile.isExpected(template, workflow, user.containers())
                || DataPlan.archivesLogs(wish, workflow, settings)
                || LongLines.areTooLong(user.containers());
    }

    /** The executor comes first: an init container that restarts always lives as long as main does. */
    @Override
    public List<Container> initContainers() {
        List<Container> containers = new ArrayList<>(List.of(executor));
        user.initContainers().forEach(container -> containers.add(variables.onInit(container)));
        return containers;
    }

    @Override
    public List<Container> containers() {
        return user.containers().stream()
                .map(variables::on)
                .map(container -> new ContainerBuilder(container)
                        .addToVolumeMounts(PodVolumes.mount(Names.VOLUME_TIPHYS, Names.PATH_TIPHYS))
                        .build())
                .toList();
    }

    @Override
    public List<Volume> volumes() {
        return List.of(PodVolumes.emptyDir(Names.VOLUME_TIPHYS), PodVolumes.emptyDir(Names.VOLUME_INPUTS));
    }

    @Override
    public PodSpec finished(PodSpec patched) {
        List<String> ours = new ArrayList<>(user.mainNames());
        ours.addAll(user.sidecarNames());
        Map<String, List<String>> lines = new TreeMap<>();
        List<Container> containers = patched.getContainers().stream()
                .map(container -> ours.contains(container.getName()) ? emissary.around(container, lines) : container)
                .toList();
        List<Container> initContainers = lines.isEmpty()
                ? patched.getInitContainers()
                : patched.getInitContainers().stream()
                        .map(container -> container.getName().equals(Names.EXECUTOR)
                                ? ExecutorContainer.withTask(container, task.withLines(lines))
                                : container)
                        .toList();
        return new PodSpecBuilder(patched)
                .withContainers(containers)
                .withInitContainers(initContainers)
                .build();
    }

    private static List<VolumeMount> executorMounts(InputPlaces inputs, List<Artifact> artifacts) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(PodVolumes.mount(Names.VOLUME_TIPHYS, Names.PATH_TIPHYS));
        mounts.add(PodVolumes.mount(Names.VOLUME_INPUTS, Names.PATH_INPUTS));
        mounts.addAll(inputs.executorMounts(artifacts));
        return mounts;
    }
}
