package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.nodes;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.NodeNames;
import org.junit.jupiter.api.Test;

class StepsScenarioTest {

    @Test
    void stepsAreNamedByInputs() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          inputs: {parameters: [{name: place, value: here}]}
                          steps:
                          - - {name: "look-{{inputs.parameters.place}}", template: work}
                          - - name: "tell-{{inputs.parameters.place}}-{{missing}}"
                              template: work
                              when: "{{steps.look-here.status}} == Succeeded"
                        - name: work
                          container: {image: busybox}
                        """).submitted().pod("wf[0].look-here").succeeds().then(ensured("wf[1].tell-here-{{missing}}"));
    }

    private static final String HELLO = """
            entrypoint: main
            templates:
            - name: main
              container: {image: busybox, command: [echo, hello]}
            """;

    private static final String TWO_GROUPS = """
            entrypoint: main
            templates:
            - name: main
              steps:
              - - {name: a, template: work}
                - {name: b, template: work}
              - - {name: c, template: work}
            - name: work
              container: {image: busybox}
            """;

    @Test
    void aContainerIsTheEntryNodeItself() {
        givenSpec(HELLO)
                .submitted()
                .then(
                        workflow(WorkflowPhase.RUNNING),
                        node("wf").is(NodeType.POD).is(NodePhase.PENDING),
                        ensured("wf"))
                .pod("wf")
                .runs()
                .then(node("wf").is(NodePhase.RUNNING))
                .pod("wf")
                .succeeds()
                .then(node("wf").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aContainerThatMovesNoDataIsLean() {
        givenSpec(HELLO).submitted().then(order("wf", order -> {
            assertThat(order.movesData()).isFalse();
            assertThat(order.podName()).isEqualTo("wf");
            assertThat(order.template().container()).isNotNull();
        }));
    }

    @Test
    void groupsRunOneAfterTheOther() {
        givenSpec(TWO_GROUPS)
                .submitted()
                .then(nodes("wf", "wf[0]", "wf[0].a", "wf[0].b"))
                .pod("a")
                .succeeds()
                .then(node("[0]").is(NodeType.STEP_GROUP).is(NodePhase.RUNNING), noNode("c"))
                .pod("b")
                .succeeds()
                .then(node("[0]").is(NodePhase.SUCCEEDED), ensured("c"))
                .pod("c")
                .succeeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        node("wf")
                                .is(NodeType.STEPS)
                                .is(NodePhase.SUCCEEDED)
                                .satisfies(status -> assertThat(status.outboundNodes())
                                        .containsExactly("wf-" + Integer.toUnsignedString(NodeNames.hash("wf[1].c")))));
    }

    @Test
    void aFailedStepFailsItsGroupOnceAllSiblingsAreDone() {
        String b = "wf-" + Integer.toUnsignedString(NodeNames.hash("wf[0].b"));
        givenSpec(TWO_GROUPS)
                .submitted()
                .pod("b")
                .fails(1)
                .then(
                        node("b").is(NodePhase.FAILED).says("main: Error (exit code 1)"),
                        node("[0]").is(NodePhase.RUNNING))
                .pod("a")
                .succeeds()
                .then(
                        node("[0]").is(NodePhase.FAILED).says("child '" + b + "' failed"),
                        node("wf").is(NodePhase.FAILED).says("child '" + b + "' failed"),
                        workflow(WorkflowPhase.FAILED, "child '" + b + "' failed"),
                        noNode("c"));
    }

    @Test
    void nextGroupHangsUnderTheEndsOfThePreviousOne() {
        givenSpec(TWO_GROUPS)
                .submitted()
                .everyPodSucceeds()
                .then(
                        node("a")
                                .satisfies(status -> assertThat(status.children())
                                        .containsExactly("wf-" + Integer.toUnsignedString(NodeNames.hash("wf[1]")))),
                        node("wf")
                                .satisfies(status -> assertThat(status.children())
                                        .containsExactly("wf-" + Integer.toUnsignedString(NodeNames.hash("wf[0]")))),
                        node("a")
                                .satisfies(status ->
                                        assertThat(status.boundaryID()).isEqualTo("wf")));
    }

    @Test
    void continueOnFailedLetsTheNextGroupRun() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work, continueOn: {failed: true}}
                          - - {name: b, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .fails(2)
                .then(node("[0]").is(NodePhase.SUCCEEDED), ensured("b"))
                .pod("b")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whenFalseSkips() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: flip, template: work}
                          - - {name: heads, template: work, when: "{{steps.flip.outputs.result}} == heads"}
                            - {name: tails, template: work, when: "{{steps.flip.outputs.result}} == tails"}
                        - name: work
                          script: {image: busybox, command: [sh], source: echo heads}
                        """)
                .submitted()
                .then(order("flip", order -> assertThat(order.includeResult()).isTrue()))
                .pod("flip")
                .prints("heads")
                .then(
                        ensured("heads"),
                        order(
                                "heads",
                                order -> assertThat(order.includeResult()).isFalse()),
                        node("tails")
                                .is(NodeType.SKIPPED)
                                .is(NodePhase.SKIPPED)
                                .says("when 'heads == tails' evaluated false"))
                .pod("heads")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aMissingTemplateIsAnError() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: nowhere}
                        """)
                .submitted()
                .then(
                        node("a").is(NodeType.SKIPPED).is(NodePhase.ERROR),
                        node("[0]").is(NodePhase.ERROR),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aMissingEntrypointEndsTheWorkflowInError() {
        givenSpec("entrypoint: nowhere\ntemplates: []\n")
                .submitted()
                .then(
                        workflow(
                                WorkflowPhase.ERROR,
                                "error in entry template execution: template \"nowhere\" not found in workflow \"wf\"; known: "));
    }

    @Test
    void nestedStepsPassTheirOutputsUp() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: inner, template: inner}
                          - - name: use
                              template: use
                              arguments: {parameters: [{name: x, value: "<{{steps.inner.outputs.parameters.out}}>"}]}
                        - name: inner
                          steps:
                          - - {name: gen, template: gen}
                          outputs:
                            parameters: [{name: out, valueFrom: {parameter: "{{steps.gen.outputs.parameters.v}}"}}]
                        - name: gen
                          container: {image: busybox}
                          outputs: {parameters: [{name: v, valueFrom: {path: /v}}]}
                        - name: use
                          inputs: {parameters: [{name: x}]}
                          container: {image: busybox, args: ["{{inputs.parameters.x}} {{workflow.name}}"]}
                        """)
                .submitted()
                .pod("gen")
                .yields(java.util.Map.of("v", "42"))
                .then(
                        node("inner").is(NodePhase.SUCCEEDED).yields("out", "42"),
                        node("use").has("x", "<42>"),
                        order(
                                "use",
                                order -> assertThat(order.template().container().getArgs())
                                        .containsExactly("<42> wf")))
                .pod("use")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whatCantBeFilledInIsTheGroupsErrorBeforeAnyStepBegins() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: say, arguments: {parameters: [{name: t, value: fine}]}}
                            - {name: b, template: say, arguments: {parameters: [{name: t, value: "{{=asInt('x')}}"}]}}
                        - name: say
                          inputs: {parameters: [{name: t}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(nodes("wf", "wf[0]"), node("[0]").is(NodePhase.ERROR), workflow(WorkflowPhase.FAILED));
    }

    /** Argo: what can't be carried out is the group's error at once, even where continueOn would let errors be. */
    @Test
    void whatCannotBeCarriedOutCountsMoreThanAFailureOfTheGroup() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work}
                            - {name: b, template: broken, continueOn: {error: true}}
                        - name: work
                          container: {image: busybox}
                        - name: broken
                          container: {image: "{{=asInt('x')}}"}
                        """)
                .submitted()
                .pod("a")
                .fails(1)
                .then(
                        node("a").is(NodePhase.FAILED),
                        node("b").is(NodePhase.ERROR),
                        node("wf[0]").is(NodePhase.ERROR),
                        workflow(WorkflowPhase.FAILED));
    }
}
