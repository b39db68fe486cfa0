package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Template;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.transfer.PodTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The staged shape of a pod (docs/reference/contracts.md, "The pod"): the executor as a native sidecar that gates the
 * start of main, and the user's containers wrapped by emissary.
 */
final class Staging {
    private final EnsurePod wish;
    private final WorkflowFacts workflow;
    private final PodSettings settings;
    private final UserContainers user;
    private final InputPlaces inputs;
    private final DataPlan data;

    Staging(EnsurePod wish, WorkflowFacts workflow, PodSettings settings, UserContainers user) {
        this.wish = wish;
        this.workflow = workflow;
        this.settings = settings;
        this.user = user;
        this.inputs = new InputPlaces(user.main());
        this.data = DataPlan.of(wish, workflow, settings, user, inputs);
    }

    /** Whether anything must go into or come out of the pod, or end with main. */
    static boolean isNeeded(EnsurePod wish, WorkflowFacts workflow, PodSettings settings) {
        Template template = wish.template();
        return wish.movesData()
                || wish.includeResult()
                || template.script() != null
                || !template.sidecars().isEmpty()
                || !template.inputs().artifacts().isEmpty()
                || !template.outputs().artifacts().isEmpty()
                || DataPlan.archivesLogs(wish, workflow, settings);
    }

    static List<Volume> volumes() {
        return List.of(emptyDir(Names.VOLUME_TIPHYS), emptyDir(Names.VOLUME_INPUTS));
    }

    /** The executor: an init container that restarts always, so that it lives as long as main does. */
    Container executor(CapabilitySigner signer, Instant now) {
        return new ContainerBuilder()
                .withName(Names.EXECUTOR)
                .withImage(settings.executorImage())
                .withImagePullPolicy(settings.executorImagePullPolicy())
                .withCommand("/tiphys/executor")
                .withRestartPolicy("Always")
                .withNewLifecycle()
                .withNewPostStart()
                .withNewExec()
                .withCommand("/tiphys/emissary", "await", Names.PATH_TIPHYS + "/staged")
                .endExec()
                .endPostStart()
                .endLifecycle()
                .withResources(settings.executorResources())
                .withEnv(environment(signer, now))
                .withVolumeMounts(executorMounts())
                .build();
    }

    /** Main and sidecars, started through emissary, with the staged inputs mounted into main. */
    List<Container> wrappedContainers() {
        List<Container> containers = new ArrayList<>();
        ContainerBuilder main = new ContainerBuilder(wrapped(user.main(), user.isScript()));
        inputs.mainMounts(wish.template().inputs().artifacts(), user.isScript()).forEach(main::addToVolumeMounts);
        main.addToEnv(UserContainers.variable("ARGO_PROGRESS_FILE", Names.PATH_PROGRESS));
        containers.add(main.build());
        user.sidecars().forEach(sidecar -> containers.add(wrapped(sidecar, false)));
        return containers;
    }

    private Container wrapped(Container container, boolean isScript) {
        List<String> command =
                new ArrayList<>(List.of(Names.EMISSARY, "run", "--container", container.getName(), "--"));
        command.addAll(commandLine(container));
        if (isScript) {
            command.add(Names.PATH_SCRIPT);
        }
        return new ContainerBuilder(user.withIdentity(container))
                .withCommand(command)
                .withArgs(List.of())
                .addToVolumeMounts(mount(Names.VOLUME_TIPHYS, Names.PATH_TIPHYS))
                .build();
    }

    /** What the container is to run: its own command and arguments, completed from the image where it names none. */
    private List<String> commandLine(Container container) {
        List<String> line = new ArrayList<>(container.getCommand());
        if (!line.isEmpty()) {
            line.addAll(container.getArgs());
            return line;
        }
        PodSettings.ImageCommand image = settings.image(container.getImage());
        if (image == null) {
            throw new PodRefusedException(
                    ("container \"%s\" of template \"%s\" names no command, and what image \"%s\" starts"
                                    + " isn't known: give it a command, or add the image to the controller's setting images")
                            .formatted(container.getName(), wish.template().name(), container.getImage()));
        }
        line.addAll(image.entrypoint());
        line.addAll(container.getArgs().isEmpty() ? image.cmd() : container.getArgs());
        return line;
    }

    private List<EnvVar> environment(CapabilitySigner signer, Instant now) {
        Map<String, String> variables = new LinkedHashMap<>(PodTask.toVariables(json(data.task())));
        variables.put("TIPHYS_UPLOADER", settings.uploaderUrl());
        variables.put("TIPHYS_CAPABILITY", signer.sign(data.capability(now.plus(settings.capabilityLife()))));
        variables.put("TIPHYS_POD_NAME", wish.podName());
        List<EnvVar> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(UserContainers.variable(name, value)));
        environment.add(new EnvVarBuilder()
                .withName("TIPHYS_POD_UID")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.uid")
                .endValueFrom()
                .build());
        return environment;
    }

    private List<VolumeMount> executorMounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(mount(Names.VOLUME_TIPHYS, Names.PATH_TIPHYS));
        mounts.add(mount(Names.VOLUME_INPUTS, Names.PATH_INPUTS));
        mounts.addAll(inputs.executorMounts(wish.template().inputs().artifacts()));
        return mounts;
    }

    private String json(PodTask task) {
        try {
            return ApiJson.mapper().writeValueAsString(task);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "task of pod " + workflow.namespace() + "/" + wish.podName() + " can't be written as JSON", e);
        }
    }

    static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }

    private static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }
}
