package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.Node;
import io.tiphys.engine.scope.NodeSpecScope;
import io.tiphys.expression.Scope;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // what the test itself has written is there
class SpecVariablesTest {
    private static final Scope SCOPE =
            Scope.of(Map.of("workflow.parameters.dir", "/data \"x\"", "workflow.name", "wf"));

    @Test
    void fillsInWhatIsOutsideOfTemplatesAndLeavesTemplatesAlone() {
        WorkflowSpec filled = fill("""
                volumes: [{name: v, hostPath: {path: "{{workflow.parameters.dir}}"}}]
                podSpecPatch: 'hostname: {{workflow.name}}'
                templates: [{name: a, container: {image: "{{workflow.name}}"}}]
                """);

        assertThat(filled.volumes().getFirst().getHostPath().getPath()).isEqualTo("/data \"x\"");
        assertThat(filled.podSpecPatch()).isEqualTo("hostname: wf");
        assertThat(filled.templates().getFirst().container().getImage()).isEqualTo("{{workflow.name}}");
    }

    @Test
    void whatMeansNothingStays() {
        assertThat(fill("podSpecPatch: 'hostname: {{unknown}}-{{workflow.name}}'")
                        .podSpecPatch())
                .isEqualTo("hostname: {{unknown}}-wf");
    }

    @Test
    void whatIsSaidOfTheNodeIsAnotherThingForEachPod() {
        SpecVariables variables = new SpecVariables(spec("""
                volumes: [{name: v, hostPath: {path: "/{{steps.a.outputs.result}}/{{workflow.name}}"}}]
                podSpecPatch: 'hostname: {{inputs.parameters.host}}-{{pod.name}}-{{=inputs.parameters.host + "!"}}'
                """));
        assertThat(variables.namesNodes()).isTrue();
        assertThat(new SpecVariables(spec("podSpecPatch: 'hostname: {{workflow.name}}'")).namesNodes())
                .isFalse();

        Scenario scenario = Scenario.givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work}
                          - - name: b
                              template: work
                              when: "{{steps.a.outputs.result}} == said"
                              arguments: {parameters: [{name: host, value: h}]}
                        - name: work
                          inputs: {parameters: [{name: host, default: d}]}
                          container: {image: busybox, args: ["{{steps.a.outputs.result}}"]}
                        """).submitted().pod("a").ends(0, Map.of(), "said");
        Node b = scenario.run().nodes().getLast();
        WorkflowSpec filled = variables.fill(new NodeSpecScope(b));

        assertThat(filled.volumes().getFirst().getHostPath().getPath()).isEqualTo("/said/wf");
        assertThat(filled.podSpecPatch()).isEqualTo("hostname: h-" + b.podName() + "-h!");
    }

    @Test
    void withoutTagsTheSpecIsTheSameObject() {
        WorkflowSpec spec = spec("entrypoint: a");

        assertThat(new SpecVariables(spec).fill(SCOPE)).isSameAs(spec);
    }

    private static WorkflowSpec fill(String yaml) {
        return new SpecVariables(spec(yaml)).fill(SCOPE);
    }

    private static WorkflowSpec spec(String yaml) {
        return Manifests.read(
                        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: wf}\nspec:\n"
                                + yaml.indent(2),
                        Workflow.class)
                .getSpec();
    }
}
