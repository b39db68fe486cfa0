package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
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

    @Test
    void anExpressionThatMakesNoSenseSpeaksForItself() {
        passing("{name: in, fromExpression: steps.none.outputs.artifacts.file}")
                .submitted()
                .pod("make")
                .succeeds()
                .then(
                        node("wf[1]")
                                .is(NodePhase.ERROR)
                                .satisfies(
                                        group -> assertThat(group.message())
                                                .startsWith(
                                                        "failed to resolve references: unable to resolve references: cannot fetch outputs")));
    }

    @Test
    void whetherAnArtifactIsOptionalIsTheArgumentsToSay() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: strict, template: use, arguments: {artifacts: [{name: in, raw: {data: a}}]}}
                    - {name: lax, template: use, arguments: {artifacts: [{name: in, raw: {data: a}, optional: true}]}}
                    - {name: none, template: use}
                - name: use
                  inputs: {artifacts: [{name: in, path: /in, optional: true}]}
                  container: {image: busybox}
                """)
                .submitted()
                .then(
                        order(
                                "strict",
                                order -> assertThat(input(order).optional()).isFalse()),
                        order(
                                "lax",
                                order -> assertThat(input(order).optional()).isTrue()),
                        order(
                                "none",
                                order -> assertThat(input(order).optional()).isTrue()));
    }

    @Test
    void anOptionalInputDoesntForgiveAnArgumentThatRefersToNothing() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: make, template: make}
                    - name: use
                      template: use
                      depends: make.Failed
                      arguments: {artifacts: [{name: in, from: '{{tasks.make.outputs.artifacts.file}}'}]}
                    - name: lax
                      template: use
                      depends: make.Failed
                      arguments: {artifacts: [{name: in, from: '{{tasks.make.outputs.artifacts.file}}', optional: true}]}
                - name: make
                  container: {image: busybox}
                  outputs: {artifacts: [{name: file, path: /tmp/file}]}
                - name: use
                  inputs: {artifacts: [{name: in, path: /in, optional: true}]}
                  container: {image: busybox}
                """)
                .submitted()
                .pod("make")
                .fails(1)
                .then(
                        node("use")
                                .is(NodePhase.ERROR)
                                .says("Unable to resolve: \"tasks.make.outputs.artifacts.file\""),
                        ensured("lax"));
    }

    @Test
    void anOptionalArgumentFromAStepThatWasSkippedIsLeftOut() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: make, template: make, when: "false"}
                  - - name: use
                      template: use
                      arguments: {artifacts: [{name: in, from: '{{steps.make.outputs.artifacts.file}}'}]}
                    - name: lax
                      template: use
                      arguments: {artifacts: [{name: in, from: '{{steps.make.outputs.artifacts.file}}', optional: true}]}
                - name: make
                  container: {image: busybox}
                  outputs: {artifacts: [{name: file, path: /tmp/file}]}
                - name: use
                  inputs: {artifacts: [{name: in, path: /in, optional: true}]}
                  container: {image: busybox}
                """)
                .submitted()
                .then(
                        order(
                                "use",
                                order -> assertThat(input(order).optional()).isFalse()),
                        order(
                                "lax",
                                order -> assertThat(input(order).optional()).isTrue()));
    }

    @Test
    void aSubPathGoesBelowTheAddressOfWhatIsFetchedByHttp() {
        passingOn("http: {url: 'https://h/a/?q=1'}", "../b//c")
                .then(order(
                        "use", order -> assertThat(input(order).http().url()).isEqualTo("https://h/b/c?q=1")));
        passingOn("http: {url: 'https://h'}", "b")
                .then(order(
                        "use", order -> assertThat(input(order).http().url()).isEqualTo("https://h/b")));
        passingOn("artifactory: {url: 'http://h/a'}", "/b/")
                .then(order(
                        "use",
                        order -> assertThat(input(order).artifactory().url()).isEqualTo("http://h/a/b")));
        passingOn("plugin: {name: p, key: ../a}", "./b")
                .then(order(
                        "use", order -> assertThat(input(order).plugin().key()).isEqualTo("../a/b")));
    }

    private static Scenario passingOn(String location, String subPath) {
        return givenSpec("""
                entrypoint: main
                arguments: {artifacts: [{name: given, %s}]}
                templates:
                - name: main
                  inputs: {artifacts: [{name: given}]}
                  steps:
                  - - name: use
                      template: use
                      arguments: {artifacts: [{name: in, from: '{{inputs.artifacts.given}}', subPath: '%s'}]}
                - name: use
                  inputs: {artifacts: [{name: in, path: /in}]}
                  container: {image: busybox}
                """.formatted(location, subPath)).submitted();
    }

    private static Artifact input(Command.EnsurePod order) {
        return order.template().inputs().artifacts().getFirst();
    }
}
