package io.tiphys.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigMapArgumentsTest {
    private static final References SETTINGS = new References(Map.of(), Map.of("settings", Map.of("colour", "red")));

    private static WorkflowSpec argument(String valueFrom) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec: {arguments: {parameters: [{name: p, valueFrom: {%s}}]}}
                """.formatted(valueFrom))
                .getFirst()
                .as(Workflow.class)
                .getSpec();
    }

    @Test
    void theKeyOfAConfigMapIsFine() {
        assertThat(ConfigMapArguments.problem(argument("configMapKeyRef: {name: settings, key: colour}"), SETTINGS))
                .isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(ConfigMapArguments.problem(argument("configMapKeyRef: {name: other, key: colour}"), SETTINGS))
                .hasValueSatisfying(message -> assertThat(message)
                        .startsWith("failed to set global parameters: failed to set global parameter p from configmap")
                        .contains(
                                "ConfigMap 'other' does not exist", "workflows.argoproj.io/configmap-type: Parameter"));
        assertThat(ConfigMapArguments.problem(argument("configMapKeyRef: {name: settings, key: size}"), SETTINGS))
                .hasValueSatisfying(message -> assertThat(message).contains("does not have the key 'size'"));
    }

    @Test
    void aDefaultOrANameThatIsYetToBeKnownIsNoProblem() {
        assertThat(ConfigMapArguments.problem(
                        argument("configMapKeyRef: {name: other, key: x}, default: blue"), SETTINGS))
                .isEmpty();
        assertThat(ConfigMapArguments.problem(
                        argument("configMapKeyRef: {name: '{{workflow.name}}', key: x}"), SETTINGS))
                .isEmpty();
    }

    @Test
    void onlyLabelledConfigMapsHoldParameters() {
        assertThat(ConfigMapArguments.isForParameters(null)).isFalse();
        assertThat(ConfigMapArguments.isForParameters(Map.of())).isFalse();
        assertThat(ConfigMapArguments.isForParameters(Map.of("workflows.argoproj.io/configmap-type", "Parameter")))
                .isTrue();
    }
}
