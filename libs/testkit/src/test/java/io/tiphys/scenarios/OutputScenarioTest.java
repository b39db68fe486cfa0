package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.globalOutput;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What steps and DAGs yield of what their children do, and where artifacts lie. */
class OutputScenarioTest {
    /** A steps template with these outputs, whose only child makes a file and a parameter, or is skipped. */
    private static Scenario yielding(String outputs, String when) {
        return givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: make, template: make, when: "WHEN"}]]
                  outputs: OUTPUTS
                - name: make
                  container: {image: busybox}
                  outputs:
                    parameters: [{name: p, valueFrom: {path: /p}}]
                    artifacts: [{name: file, path: /file}]
                """.replace("OUTPUTS", outputs).replace("WHEN", when)).submitted();
    }

    @Test
    void anArtifactOfAChildIsHandedOnUnderTheOutputsName() {
        yielding("{artifacts: [{name: out, globalName: g, from: '{{steps.make.outputs.artifacts.file}}'}]}", "true")
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), node("wf").satisfies(status -> {
                    Artifact out = status.outputs().artifacts().getFirst();
                    assertThat(out.name()).isEqualTo("out");
                    assertThat(out.from()).isNull();
                    assertThat(out.oss().key()).endsWith("/file.tgz");
                }));
    }

    @Test
    void anArtifactThatIsNotThereFailsItsTemplateUnlessItIsOptional() {
        yielding("{artifacts: [{name: out, from: '{{steps.make.outputs.artifacts.file}}'}]}", "false")
                .then(workflow(WorkflowPhase.SUCCEEDED)); // steps know an empty artifact of what was skipped
        yielding("{artifacts: [{name: out, from: '{{steps.make.outputs.artifacts.other}}'}]}", "true")
                .everyPodSucceeds()
                .then(node("wf")
                        .is(NodePhase.ERROR)
                        .says("unable to resolve outputs from scope: Unable to resolve:"
                                + " \"steps.make.outputs.artifacts.other\""));
        yielding("{artifacts: [{name: out, optional: true, from: '{{steps.make.outputs.artifacts.other}}'}]}", "true")
                .everyPodSucceeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        node("wf")
                                .satisfies(status ->
                                        assertThat(status.outputs().artifacts()).isEmpty()));
    }

    @Test
    void anExpressionThatYieldsNoArtifactIsAnError() {
        yielding("{artifacts: [{name: out, fromExpression: \"steps.make.outputs.parameters.p\"}]}", "true")
                .everyPodSucceeds()
                .then(node("wf")
                        .is(NodePhase.ERROR)
                        .says("unable to resolve outputs from scope:" + " artifact \"out\" refers to no artifact"));
        yielding("{artifacts: [{name: out, fromExpression: \"steps.make.(\"}]}", "true")
                .everyPodSucceeds()
                .then(node("wf").is(NodePhase.ERROR));
        yielding("{artifacts: [{name: out, fromExpression: \"1 / 0 > 'x'\"}]}", "true")
                .everyPodSucceeds()
                .then(node("wf").is(NodePhase.ERROR));
    }

    @Test
    void aParameterThatCannotBeHadTakesItsDefaultOrIsAnError() {
        yielding(
                        "{parameters: [{name: o, valueFrom: {parameter: '{{steps.make.outputs.parameters.none}}', default: d}}]}",
                        "true")
                .everyPodSucceeds()
                .then(node("wf").is(NodePhase.SUCCEEDED).yields("o", "d"));
        yielding("{parameters: [{name: o, valueFrom: {parameter: '{{steps.make.outputs.parameters.none}}'}}]}", "true")
                .everyPodSucceeds()
                .then(node("wf").is(NodePhase.ERROR));
    }

    @Test
    void outputsOfWhatWasSkippedAreAbsent() {
        yielding("{parameters: [{name: o, valueFrom: {parameter: '{{steps.make.outputs.parameters.p}}'}}]}", "false")
                .then(
                        node("wf")
                                .is(NodePhase.ERROR)
                                .satisfies(
                                        status -> assertThat(status.message())
                                                .contains(
                                                        "output parameter \"o\": \"{{steps.make.outputs.parameters.p}}\" is an absent optional")));
        yielding(
                        "{parameters: [{name: o, valueFrom: {parameter: '{{steps.make.outputs.parameters.p}}', default: d}}]}",
                        "false")
                .then(node("wf").is(NodePhase.SUCCEEDED).yields("o", "d"));
    }

    @Test
    void outputsMayBeComputed() {
        yielding(
                        "{parameters: [{name: o, globalName: g, valueFrom: {expression: \"steps.make.outputs.parameters.p + '!'\"}}]}",
                        "true")
                .everyPodSucceeds()
                .then(node("wf").yields("o", "value of p!"), globalOutput("g", "value of p!"));
        yielding("{parameters: [{name: o, valueFrom: {expression: 'nil', default: d}}]}", "true")
                .everyPodSucceeds()
                .then(node("wf").yields("o", "d"));
        yielding("{parameters: [{name: o, valueFrom: {expression: 'nil'}}]}", "true")
                .everyPodSucceeds()
                .then(node("wf")
                        .is(NodePhase.ERROR)
                        .satisfies(status ->
                                assertThat(status.message()).contains("failed to evaluate expression \"nil\"")));
        yielding("{parameters: [{name: o, valueFrom: {expression: '1 +', default: d}}]}", "true")
                .everyPodSucceeds()
                .then(node("wf").yields("o", "d"));
    }

    @Test
    void anArtifactsGlobalNameMakesItKnownToAll() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: make, template: make}
                  - - {name: use, template: use, arguments: {artifacts: [{name: in, from: "{{workflow.outputs.artifacts.g}}"}]}}
                - name: make
                  container: {image: busybox}
                  outputs: {artifacts: [{name: file, path: /file, globalName: g}]}
                - name: use
                  inputs: {artifacts: [{name: in, path: /in}]}
                  container: {image: busybox}
                """)
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
                                .endsWith("/file.tgz")));
    }

    static Stream<Arguments> stores() {
        return Stream.of(
                Arguments.of("s3: {bucket: b, key: k}", (Function<Artifact, String>) a -> a.s3().key()),
                Arguments.of("oss: {bucket: b, key: k/}", (Function<Artifact, String>)
                        a -> a.oss().key()),
                Arguments.of("gcs: {bucket: b, key: k}", (Function<Artifact, String>)
                        a -> a.gcs().key()),
                Arguments.of("azure: {endpoint: e, container: c, blob: k}", (Function<Artifact, String>)
                        a -> a.azure().blob()),
                Arguments.of("hdfs: {addresses: [a], path: k}", (Function<Artifact, String>)
                        a -> a.hdfs().path()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stores")
    void aSubPathGoesBelowTheKeyInEveryStore(String location, Function<Artifact, String> key) {
        below(location)
                .then(order(
                        "use",
                        order -> assertThat(key.apply(
                                        order.template().inputs().artifacts().getFirst()))
                                .isEqualTo("k/a/b")));
    }

    @Test
    void aSubPathMeansNothingWhereThereAreNoKeys() {
        below("raw: {data: text}")
                .then(order(
                        "use",
                        order -> assertThat(order.template()
                                        .inputs()
                                        .artifacts()
                                        .getFirst()
                                        .raw()
                                        .data())
                                .isEqualTo("text")));
    }

    private static Scenario below(String location) {
        return givenSpec("""
                entrypoint: main
                arguments: {artifacts: [{name: in, LOCATION}]}
                templates:
                - name: main
                  inputs: {artifacts: [{name: in}]}
                  steps: [[{name: use, template: use, arguments: {artifacts: [{name: in, from: "{{inputs.artifacts.in}}", subPath: /a/b}]}}]]
                - name: use
                  inputs: {artifacts: [{name: in, path: /in}]}
                  container: {image: busybox}
                """.replace("LOCATION", location)).submitted();
    }

    @Test
    void anInputArtifactThatNobodySuppliesIsAnError() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: use, template: use}]]
                - name: use
                  inputs: {artifacts: [{name: in, path: /in}]}
                  container: {image: busybox}
                """).submitted().then(node("use").is(NodePhase.ERROR).says("inputs.artifacts.in was not supplied"));
    }

    @Test
    void anOutputThatTheTemplateWritesDownNeedsNoReport() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  inputs: {parameters: [{name: p, value: v}]}
                  container: {image: busybox}
                  outputs: {parameters: [{name: o, value: "of {{inputs.parameters.p}}", globalName: g}]}
                """)
                .submitted()
                .pod("wf")
                .exits(0)
                .then(node("wf").is(NodePhase.SUCCEEDED).yields("o", "of v"), globalOutput("g", "of v"));
    }

    /** In Argo's words, by which people find what to do. */
    @Test
    void outputsThatAreNotThereSaySoByWhatWasAskedFor() {
        String asked = """
                        entrypoint: main
                        templates:
                        - name: main
                          dag: {tasks: [{name: a, template: work, when: "1 > 2"}]}
                          outputs: {parameters: [{name: o, valueFrom: {%s}}]}
                        - name: work
                          container: {image: busybox}
                          outputs: {parameters: [{name: p, valueFrom: {path: /p}}]}
                        """;
        givenSpec(asked.formatted("parameter: \"{{tasks.a.outputs.parameters.p}}\""))
                .submitted()
                .then(node("wf")
                        .says("output parameter \"o\": \"{{tasks.a.outputs.parameters.p}}\" is an absent optional"
                                + " (skipped/omitted node output with no default)"));
        givenSpec(asked.formatted("expression: \"tasks['a'].outputs.parameters.p\""))
                .submitted()
                .then(node("wf").says("failed to evaluate expression \"tasks['a'].outputs.parameters.p\""));
        givenSpec(asked.formatted("parameter: \"{{tasks.a.outputs.result}}\""))
                .submitted()
                .then(node("wf").says("Unable to resolve: \"tasks.a.outputs.result\""));
    }

    /** What it is made of is something else by the time that the same is reported again. */
    @Test
    void whatIsDeclaredOfAnOutputByExpressionsCountsOnce() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          container: {image: busybox}
                          outputs: {parameters: [{name: v, globalName: "{{=toJson(workflow)}}", valueFrom: {path: /v, default: "{{=toJson(workflow)}}"}}]}
                        """).submitted().pod("wf").yields(Map.of("v", "x")).then(workflow(WorkflowPhase.SUCCEEDED));
    }
}
