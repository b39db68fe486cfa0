package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.given;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodScenarioTest {
    private static Scenario lean() {
        return givenSpec("entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n")
                .submitted();
    }

    private static Scenario withOutput() {
        return givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          container: {image: busybox}
                          outputs: {parameters: [{name: v, valueFrom: {path: /v}, globalName: g}]}
                        """).submitted();
    }

    @Test
    void aPendingPodSaysWhy() {
        lean().pod("wf")
                .waits("Unschedulable: no node")
                .then(node("wf").is(NodePhase.PENDING).says("Unschedulable: no node"))
                .pod("wf")
                .runs()
                .then(node("wf").is(NodePhase.RUNNING).says(null));
    }

    @Test
    void outOfMemoryIsAFailure() {
        lean().pod("wf")
                .fails(137, "OOMKilled")
                .then(node("wf").is(NodePhase.FAILED).says("main: OOMKilled (exit code 137)"));
    }

    @Test
    void anEvictedPodFailsWithThePodsMessage() {
        lean().pod("wf")
                .runs()
                .pod("wf")
                .isEvicted("The node was low on resource: memory.")
                .then(node("wf").is(NodePhase.FAILED).says("The node was low on resource: memory."));
    }

    @Test
    void aPodThatVanishesIsAnError() {
        lean().pod("wf")
                .runs()
                .pod("wf")
                .isDeleted()
                .then(node("wf").is(NodePhase.ERROR).says("pod deleted"));
    }

    @Test
    void aPodThatVanishesBeforeItRanIsMadeAgain() {
        lean().pod("wf")
                .waits("Unschedulable: no room")
                .pod("wf")
                .isDeleted()
                .then(node("wf").is(NodePhase.PENDING), ensured("wf"))
                .pod("wf")
                .succeeds()
                .then(node("wf").is(NodePhase.SUCCEEDED));
    }

    @Test
    void theExitCodeIsAnOutput() {
        lean().pod("wf")
                .fails(3)
                .then(node("wf")
                        .satisfies(status ->
                                assertThat(status.outputs().exitCode()).isEqualTo("3")));
    }

    @Test
    void aPodWithOutputsEndsWhenTheyAreReported() {
        withOutput()
                .pod("wf")
                .runs()
                .pod("wf")
                .endsUnreported()
                .then(node("wf").is(NodePhase.RUNNING))
                .pod("wf")
                .reports(Map.of("v", "42"))
                .then(
                        node("wf").is(NodePhase.SUCCEEDED).yields("v", "42"),
                        io.tiphys.testkit.Expect.globalOutput("g", "42"),
                        workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aReportThatNeverComesIsAnErrorAfterATime() {
        withOutput()
                .pod("wf")
                .endsUnreported()
                .after("59s")
                .then(node("wf").is(NodePhase.PENDING))
                .after("1s")
                .then(node("wf").is(NodePhase.ERROR).says("the outputs of the pod were never reported"));
    }

    @Test
    void whatTheExecutorCouldNotDoIsAnError() {
        withOutput()
                .pod("wf")
                .errs("no such file: /v")
                .then(node("wf").is(NodePhase.ERROR).says("no such file: /v"));
    }

    @Test
    void inputsThatCouldNotBeStagedAreAnErrorInTheExecutorsWords() {
        String reason = "artifact \"data\": no object \"key\" in bucket \"b\"";
        withOutput()
                .pod("wf")
                .reportsError(reason)
                .pod("wf")
                .endsUnstaged("gate closed")
                .then(node("wf").is(NodePhase.ERROR).says(reason));
    }

    @Test
    void theExecutorsErrorWinsOverTheGatesExitCodeWhenItComesLater() {
        withOutput()
                .pod("wf")
                .endsUnstaged("gate closed")
                .then(node("wf").is(NodePhase.PENDING))
                .after("30s")
                .pod("wf")
                .reportsError("no such key")
                .then(node("wf").is(NodePhase.ERROR).says("no such key"));
    }

    @Test
    void aCommandMayExitWithTheGatesCodeItself() {
        withOutput().pod("wf").fails(125).then(node("wf").is(NodePhase.FAILED).says("main: Error (exit code 125)"));
    }

    @Test
    void whatMainDidByItselfWinsOverTheExecutorsError() {
        withOutput()
                .pod("wf")
                .reportsError("could not save the logs")
                .pod("wf")
                .exits(3)
                .then(node("wf").is(NodePhase.FAILED).says("main: Error (exit code 3)"));
    }

    @Test
    void successWithoutTheDeclaredOutputsIsAnError() {
        String message = "the executor's report is complete but lacks declared outputs: parameter \"v\"";
        withOutput()
                .pod("wf")
                .reportsNothing()
                .pod("wf")
                .endsUnreported()
                .then(node("wf").is(NodePhase.ERROR).says(message));
        withOutput()
                .pod("wf")
                .endsUnreported()
                .pod("wf")
                .reportsNothing()
                .then(node("wf").is(NodePhase.ERROR).says(message));
    }

    @Test
    void optionalOutputsAndThoseWithADefaultMayBeMissing() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          container: {image: busybox}
                          outputs:
                            parameters: [{name: v, valueFrom: {path: /v, default: none}}]
                            artifacts: [{name: a, path: /a, optional: true}]
                        """)
                .submitted()
                .pod("wf")
                .reportsNothing()
                .pod("wf")
                .endsUnreported()
                .then(node("wf").is(NodePhase.SUCCEEDED));
    }

    @Test
    void progressIsReportedAndSummedUp() {
        withOutput()
                .pod("wf")
                .runs()
                .pod("wf")
                .progresses("1/4")
                .then(node("wf")
                        .satisfies(status -> assertThat(status.progress()).isEqualTo("1/4")))
                .pod("wf")
                .succeeds()
                .then(node("wf")
                        .satisfies(status -> assertThat(status.progress()).isEqualTo("4/4")));
    }

    @Test
    void progressBeginsWithWhatTheAnnotationSays() {
        givenSpec("""
                        entrypoint: main
                        podMetadata: {annotations: {workflows.argoproj.io/progress: "0/50"}}
                        templates:
                        - name: main
                          inputs: {parameters: [{name: total, value: "100"}]}
                          metadata: {annotations: {workflows.argoproj.io/progress: "0/{{inputs.parameters.total}}"}}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(node("wf")
                        .satisfies(status -> assertThat(status.progress()).isEqualTo("0/100")))
                .pod("wf")
                .progresses("30/100")
                .pod("wf")
                .succeeds()
                .then(node("wf")
                        .satisfies(status -> assertThat(status.progress()).isEqualTo("100/100")));
    }

    @Test
    void progressOfAllPodsBeginsWithWhatTheirMetadataSays() {
        givenSpec("""
                        entrypoint: main
                        arguments: {parameters: [{name: total, value: "7"}]}
                        podMetadata: {annotations: {workflows.argoproj.io/progress: "0/{{workflow.parameters.total}}"}}
                        templates: [{name: main, container: {image: busybox}}]
                        """)
                .submitted()
                .then(node("wf")
                        .satisfies(status -> assertThat(status.progress()).isEqualTo("0/7")));
    }

    @Test
    void podsAreNamedByTheirNodesIdsIfTheWorkflowSaysSo() {
        Scenario scenario = given("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf, annotations: {workflows.argoproj.io/pod-name-format: v1}}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps: [[{name: a, template: work, arguments: {parameters: [{name: p, value: "{{pod.name}}"}]}}]]
                  - name: work
                    inputs: {parameters: [{name: p}]}
                    container: {image: busybox, args: ["{{pod.name}}"]}
                """).submitted();
        String id = scenario.run().status().nodes().values().stream()
                .filter(node -> node.displayName().equals("a"))
                .findFirst()
                .orElseThrow()
                .id();
        scenario.then(order("a", order -> {
            assertThat(order.podName()).isEqualTo(id);
            assertThat(order.template().container().getArgs()).containsExactly(id);
        }));
    }

    @Test
    void aRefusalThatPassesLeavesTheNodePending() {
        lean().pod("wf")
                .isRefused("exceeded quota: pods", true)
                .then(node("wf").is(NodePhase.PENDING).says("exceeded quota: pods"))
                .pod("wf")
                .isRefused("pods \"wf\" is invalid", false)
                .then(node("wf").is(NodePhase.ERROR).says("pods \"wf\" is invalid"));
    }

    @Test
    void inputsAndNamesAreFilledIn() {
        givenSpec("""
                        entrypoint: main
                        arguments: {parameters: [{name: who, value: "a \\"b\\""}]}
                        templates:
                        - name: main
                          inputs: {parameters: [{name: who}, {name: greeting, default: "hi {{workflow.name}}"}]}
                          container:
                            image: busybox
                            args: ["{{inputs.parameters.greeting}} {{inputs.parameters.who}} {{pod.name}} {{unknown}} {{=1+1}}"]
                        """)
                .submitted()
                .then(
                        node("wf").has("who", "a \"b\"").has("greeting", "hi wf"),
                        order(
                                "wf",
                                order -> assertThat(order.template().container().getArgs())
                                        .containsExactly("hi wf a \"b\" wf {{unknown}} 2")));
    }

    @Test
    void anInputWithoutValueIsAnError() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          inputs: {parameters: [{name: who}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(workflow(
                        WorkflowPhase.ERROR,
                        "error in entry template execution: inputs.parameters.who was not supplied"));
    }
}
