package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.Input;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuspendScenarioTest {
    private static Scenario approving(String suspend, String outputs) {
        return givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: approve, template: approve}
                  - - {name: go, template: work}
                - name: approve
                  suspend: %s
                %s
                - name: work
                  container: {image: busybox}
                """.formatted(suspend, outputs.isEmpty() ? "" : "  outputs: " + outputs));
    }

    @Test
    void waitsUntilItIsResumed() {
        approving("{}", "")
                .submitted()
                .then(node("approve").is(NodeType.SUSPEND).is(NodePhase.RUNNING), noNode("go"))
                .resumed()
                .then(node("approve").is(NodePhase.SUCCEEDED), ensured("go"))
                .pod("go")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void endsByItselfAfterItsDuration() {
        approving("{duration: 20}", "")
                .submitted()
                .after("19s")
                .then(node("approve").is(NodePhase.RUNNING))
                .after("1s")
                .then(node("approve").is(NodePhase.SUCCEEDED), ensured("go"));
    }

    @Test
    void onlyMatchingNodesAreResumed() {
        approving("{}", "")
                .submitted()
                .resumed("displayName=other")
                .then(node("approve").is(NodePhase.RUNNING))
                .resumed("displayName=approve")
                .then(node("approve").is(NodePhase.SUCCEEDED));
    }

    @Test
    void suppliedOutputsCanBeSet() {
        Scenario scenario = approving("{}", "{parameters: [{name: answer, valueFrom: {supplied: {}}}]}")
                .submitted();
        scenario.input(new Input.NodesSet(
                        NodeFieldSelector.ALL, NodePhase.SUCCEEDED, "fine", Map.of("answer", "yes"), scenario.now()))
                .then(node("approve").is(NodePhase.SUCCEEDED).yields("answer", "yes"), ensured("go"));
    }

    @Test
    void aSuppliedOutputThatNobodyGaveIsAnError() {
        approving("{}", "{parameters: [{name: answer, valueFrom: {supplied: {}}}]}")
                .submitted()
                .resumed()
                .then(
                        node("approve")
                                .is(NodePhase.ERROR)
                                .says(
                                        "raw output parameter 'answer' has not been set and does not have a default value"),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aSuspendedWorkflowStartsNothingNew() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work}
                          - - {name: b, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .suspended()
                .pod("a")
                .succeeds()
                .then(node("a").is(NodePhase.SUCCEEDED), noNode("b"))
                .resumed()
                .then(ensured("b"));
    }

    @Test
    void stopFailsAnOpenSuspendNode() {
        approving("{}", "")
                .submitted()
                .stopped()
                .then(
                        node("approve").is(NodePhase.FAILED).says("Stopped with strategy 'Stop'"),
                        workflow(WorkflowPhase.FAILED, "Stopped with strategy 'Stop'"));
    }

    @Test
    void aSuppliedOutputTakesTheDefaultOfTheInputOfItsName() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  inputs: {parameters: [{name: answer, default: maybe, value: maybe, enum: [maybe, "yes"]}]}
                  suspend: {}
                  outputs: {parameters: [{name: answer, valueFrom: {supplied: {}}}]}
                """)
                .submitted()
                .resumed()
                .then(node("wf").is(NodePhase.SUCCEEDED).yields("answer", "maybe"));
    }

    @Test
    void choicesMayComeAlongInAValue() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - name: ask
                              template: ask
                              arguments:
                                parameters: [{name: approve, value: '{"enum": ["YES", 2]}'}, {name: plain, value: '{"a": 1}'}]
                        - name: ask
                          suspend: {}
                          inputs: {parameters: [{name: approve}, {name: plain}]}
                          outputs: {parameters: [{name: approve, valueFrom: {supplied: {}}}]}
                        """).submitted().then(node("ask").satisfies(status -> {
            assertThat(status.inputs().parameters().getFirst().enumValues()).containsExactly("YES", "2");
            assertThat(status.inputs().parameters().getFirst().defaultValue()).isEqualTo("YES");
            assertThat(status.inputs().parameters().getLast().enumValues()).isEmpty();
        }));
    }
}
