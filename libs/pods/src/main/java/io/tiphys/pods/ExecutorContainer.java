package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.PodTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A container that runs our executor, told by its environment what to do. */
final class ExecutorContainer {
    private static final int MAX_TASK = 1024 * 1024;

    private ExecutorContainer() {}

    static ContainerBuilder of(
            String name, PodTask task, Capability capability, PodSettings settings, CapabilitySigner signer) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(settings.executorImage())
                .withImagePullPolicy(settings.executorImagePullPolicy())
                .withCommand("/tiphys/executor")
                .withResources(settings.executorResources())
                .withSecurityContext(settings.executorSecurityContext())
                .withEnv(environment(task, capability, settings, signer));
    }

    /** The container with another task. */
    static Container withTask(Container executor, PodTask task) {
        List<EnvVar> environment = new ArrayList<>(taskVariables(task));
        executor.getEnv().stream()
                .filter(variable -> !PodTask.isVariable(variable.getName()))
                .forEach(environment::add);
        return new ContainerBuilder(executor).withEnv(environment).build();
    }

    /** What the pod's object has room for; a packed task seldom comes near it. */
    private static List<EnvVar> taskVariables(PodTask task) {
        Map<String, String> variables = PodTask.toVariables(json(task));
        int length = variables.values().stream().mapToInt(String::length).sum();
        if (length > MAX_TASK) {
            throw new PodRefusedException(
                    ("source, raw artifacts, args and env have %d KiB even packed, and the pod's object has room for %d KiB"
                                    + " (the Kubernetes API takes objects of 1.5 MiB): pass them as artifacts in object storage")
                            .formatted(length / 1024, MAX_TASK / 1024));
        }
        List<EnvVar> environment = new ArrayList<>();
        variables.forEach((variable, value) -> environment.add(ArgoVariables.variable(variable, value)));
        return environment;
    }

    private static List<EnvVar> environment(
            PodTask task, Capability capability, PodSettings settings, CapabilitySigner signer) {
        List<EnvVar> environment = new ArrayList<>(taskVariables(task));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("TIPHYS_UPLOADER", settings.uploaderUrl());
        variables.put("TIPHYS_CAPABILITY", signer.sign(capability));
        variables.put("TIPHYS_POD_NAME", task.podName());
        variables.forEach((variable, value) -> environment.add(ArgoVariables.variable(variable, value)));
        environment.add(new EnvVarBuilder()
                .withName("TIPHYS_POD_UID")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.uid")
                .endValueFrom()
                .build());
        return environment;
    }

    private static String json(PodTask task) {
        try {
            return ApiJson.mapper().writeValueAsString(task);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "task of pod " + task.workflow().namespace() + "/" + task.podName() + " can't be written as JSON",
                    e);
        }
    }
}
