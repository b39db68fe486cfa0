package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Inputs;
import io.tiphys.engine.Command.EnsurePod;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The variables by which Argo tells a program in a pod where it runs (Argo: workflow/common/common.go). {@code ARGO_TEMPLATE} is for init
 * containers only, as in Argo; a template that is too large for a variable is left out, so that the containers can be started.
 */
record ArgoVariables(EnsurePod wish, WorkflowFacts workflow) {
    /** Go's zero time: no deadline. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    /** Linux starts no program with a longer variable than 128 KiB, name and end included. */
    private static final int LONGEST_VALUE = 128 * 1024 - 1024;

    Container on(Container container) {
        return new ContainerBuilder(container)
                .addAllToEnv(common(container.getName()))
                .build();
    }

    Container onInit(Container container) {
        ContainerBuilder builder = new ContainerBuilder(container).addAllToEnv(common(container.getName()));
        String template = template();
        if (template.getBytes(StandardCharsets.UTF_8).length <= LONGEST_VALUE) {
            builder.addToEnv(variable("ARGO_TEMPLATE", template));
        }
        return builder.build();
    }

    private List<EnvVar> common(String container) {
        return new ArrayList<>(List.of(
                variable("ARGO_CONTAINER_NAME", container),
                variable("ARGO_NODE_ID", wish.nodeId()),
                variable("ARGO_POD_NAME", wish.podName()),
                variable("ARGO_INCLUDE_SCRIPT_OUTPUT", Boolean.toString(wish.includeResult())),
                variable("ARGO_DEADLINE", deadline()),
                variable("ARGO_WORKFLOW_NAME", workflow.name()),
                variable(ProgressFile.VARIABLE, Names.PATH_PROGRESS)));
    }

    private String deadline() {
        return wish.deadline() == null
                ? NEVER
                : wish.deadline().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String template() {
        Inputs artifactsOnly = new Inputs(List.of(), wish.template().inputs().artifacts());
        try {
            return ApiJson.mapper().writeValueAsString(wish.template().withInputs(artifactsOnly));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the template of pod " + wish.podName() + " can't be written as JSON", e);
        }
    }

    static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }
}
