package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Scenario;
import org.junit.jupiter.api.Test;

class ArtifactScenarioTest {
    private static Scenario passing(String argument) {
        return givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: make, template: make}
                  - - {name: use, template: use, arguments: {artifacts: [%s]}}
                - name: make
                  container: {image: busybox}
                  outputs: {artifacts: [{name: file, path: /tmp/file}]}
                - name: use
                  inputs: {artifacts: [{name: in, path: /in}]}
                  container: {image: busybox}
                """.formatted(argument));
    }

    @Test
    void anArtifactBringsItsLocationAndTakesTheConsumersPath() {
        passing("{name: in, from: '{{steps.make.outputs.artifacts.file}}'}")
                .submitted()
                .then(order("make", order -> assertThat(order.movesData()).isTrue()))
                .pod("make")
                .succeeds()
                .then(order("use", order -> {
                    var artifact = order.template().inputs().artifacts().getFirst();
                    assertThat(artifact.name()).isEqualTo("in");
                    assertThat(artifact.path()).isEqualTo("/in");
                    assertThat(artifact.oss().key()).endsWith("/file.tgz");
                }))
                .pod("use")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aSubPathIsAppendedToTheKey() {
        passing("{name: in, from: '{{steps.make.outputs.artifacts.file}}', subPath: a/b}")
                .submitted()
                .pod("make")
                .succeeds()
                .then(order(
                        "use",
                        order -> assertThat(order.template()
                                        .inputs()
                                        .artifacts()
                                        .getFirst()
                                        .oss()
                                        .key())
                                .endsWith("/file.tgz/a/b")));
    }

    @Test
    void aSubPathIsAppendedToADriversKey() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  inputs: {artifacts: [{name: d, plugin: {name: d, configuration: c, key: dir}}]}
                  steps:
                  - - name: use
                      template: use
                      arguments:
                        artifacts: [{name: in, from: "{{inputs.artifacts.d}}", subPath: a/b}]
                - name: use
                  inputs: {artifacts: [{name: in, path: /in}]}
                  container: {image: busybox}
                """)
                .submitted()
                .then(order(
                        "use",
                        order -> assertThat(order.template()
                                        .inputs()
                                        .artifacts()
                                        .getFirst()
                                        .plugin()
                                        .key())
                                .isEqualTo("dir/a/b")));
    }

    @Test
    void anArtifactMayBeChosenByAnExpression() {
        passing(
                        "{name: in, fromExpression: \"steps.make.status == 'Succeeded' ? steps.make.outputs.artifacts.file : nil\"}")
                .submitted()
                .pod("make")
                .succeeds()
                .then(ensured("use"));
    }

    @Test
    void anUnknownArtifactIsAnError() {
        passing("{name: in, from: '{{steps.make.outputs.artifacts.other}}'}")
                .submitted()
                .pod("make")
                .succeeds()
                .then(
                        node("wf[1]")
                                .is(NodePhase.ERROR)
                                .says(
                                        "failed to resolve references: unable to resolve references: Unable to resolve: \"steps.make.outputs.artifacts.other\""),
                        noNode("wf[1].use"),
                        workflow(WorkflowPhase.FAILED));
    }
}
