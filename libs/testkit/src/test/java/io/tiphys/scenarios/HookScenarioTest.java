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
import org.junit.jupiter.api.Test;

class HookScenarioTest {
    private static final String EXIT = """
            entrypoint: main
            onExit: bye
            templates:
            - name: main
              container: {image: busybox}
            - name: bye
              container: {image: busybox, args: ["{{workflow.status}}"]}
            """;

    @Test
    void theExitHandlerRunsAfterSuccess() {
        givenSpec(EXIT)
                .submitted()
                .pod("wf")
                .succeeds()
                .then(
                        workflow(WorkflowPhase.RUNNING),
                        ensured("wf.onExit"),
                        node("wf.onExit")
                                .satisfies(status ->
                                        assertThat(status.nodeFlag().hooked()).isTrue()),
                        order("wf.onExit", order -> {
                            assertThat(order.template().container().getArgs()).containsExactly("Succeeded");
                            assertThat(order.onExit()).isTrue();
                        }))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void theExitHandlerDoesNotRescueAFailure() {
        givenSpec(EXIT)
                .submitted()
                .pod("wf")
                .fails(1)
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED, "main: Error (exit code 1)"));
    }

    @Test
    void aFailedExitHandlerFailsTheWorkflow() {
        givenSpec(EXIT)
                .submitted()
                .pod("wf")
                .succeeds()
                .pod("wf.onExit")
                .fails(2)
                .then(workflow(WorkflowPhase.FAILED, "main: Error (exit code 2)"));
    }

    @Test
    void anExitHandlerThatCannotBeCarriedOutIsAnErrorOfTheWorkflowWhateverWentBefore() {
        givenSpec(EXIT)
                .submitted()
                .pod("wf")
                .fails(1)
                .pod("wf.onExit")
                .isRefused("pods \"wf\" is invalid", false)
                .then(workflow(WorkflowPhase.ERROR, "error in exit template execution : pods \"wf\" is invalid"));
    }

    @Test
    void anEntryInErrorWaitsForTheHooksThatRun() {
        givenSpec("""
                        entrypoint: main
                        hooks:
                          running: {template: main, expression: "true"}
                        templates:
                        - name: main
                          container: {image: alpine}
                        """)
                .submitted()
                .pod("wf")
                .isRefused("pods \"wf\" is invalid", false)
                .then(workflow(WorkflowPhase.RUNNING))
                .pod("wf.hooks.running")
                .succeeds()
                .then(workflow(WorkflowPhase.ERROR, "error in entry template execution: pods \"wf\" is invalid"));
    }

    /** Argo: what a retry might repeat isn't handed on as its caller's fault, so the exit handler runs. */
    @Test
    void anEntryThatMayBeRetriedForTransientErrorsIsNoFaultOfTheWorkflow() {
        givenSpec(EXIT.replace(
                        "- name: main\n", "- name: main\n  retryStrategy: {limit: 1, retryPolicy: OnTransientError}\n"))
                .submitted()
                .pod("wf(0)")
                .isRefused("pods \"wf\" is invalid", false)
                .then(ensured("wf.onExit"))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.ERROR, "pods \"wf\" is invalid"));
    }

    @Test
    void stopRunsTheExitHandlerAndTerminateDoesNot() {
        givenSpec(EXIT)
                .submitted()
                .pod("wf")
                .runs()
                .stopped()
                .then(
                        node("wf").is(NodePhase.FAILED).says("workflow shutdown with strategy:  Stop"),
                        ensured("wf.onExit"))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED, "Stopped with strategy 'Stop'"));
        givenSpec(EXIT)
                .submitted()
                .pod("wf")
                .runs()
                .terminated()
                .then(noNode("wf.onExit"), workflow(WorkflowPhase.FAILED, "Stopped with strategy 'Terminate'"));
    }

    @Test
    void aStepsExitHookMustEndBeforeTheNextGroup() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - name: a
                              template: work
                              hooks: {exit: {template: bye, arguments: {parameters: [{name: p, value: "{{steps.a.outputs.parameters.v}}"}]}}}
                          - - {name: b, template: work}
                        - name: work
                          container: {image: busybox}
                          outputs: {parameters: [{name: v, valueFrom: {path: /v}}]}
                        - name: bye
                          inputs: {parameters: [{name: p}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .yields(java.util.Map.of("v", "7"))
                .then(ensured("wf[0].a.onExit"), node("wf[0].a.onExit").has("p", "7"), noNode("b"))
                .pod("wf[0].a.onExit")
                .succeeds()
                .then(ensured("b"))
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aHookFiresOnceWhenItsExpressionBecomesTrue() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - name: A
                              template: work
                              hooks: {running: {template: work, expression: tasks.A.status == "Running"}}
                            - {name: B, template: work, dependencies: [A]}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(noNode("wf.A.hooks.running"))
                .pod("A")
                .runs()
                .then(ensured("wf.A.hooks.running"))
                .pod("A")
                .succeeds()
                .then(noNode("B"))
                .pod("wf.A.hooks.running")
                .succeeds()
                .then(ensured("B"))
                .pod("B")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }
}
