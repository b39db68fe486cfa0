package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
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

    private static List<EnvVar> environment(
            PodTask task, Capability capability, PodSettings settings, CapabilitySigner signer) {
        Map<String, String> variables = new LinkedHashMap<>(PodTask.toVariables(json(task)));
        variables.put("TIPHYS_UPLOADER", settings.uploaderUrl());
        variables.put("TIPHYS_CAPABILITY", signer.sign(capability));
        variables.put("TIPHYS_POD_NAME", task.podName());
        List<EnvVar> environment = new ArrayList<>();
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
