package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import java.util.Map;
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

    /** Also for who restores it while a hook runs. */
    @Test
    void theExitHandlerWaitsForTheHooks() {
        givenSpec("""
                        entrypoint: main
                        onExit: main
                        hooks:
                          h: {template: main, expression: workflow.status == "Failed"}
                        templates:
                        - name: main
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf")
                .fails(1)
                .then(ensured("wf.hooks.h"), noNode("wf.onExit"))
                .pod("wf.hooks.h")
                .succeeds()
                .then(ensured("wf.onExit"))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED, "main: Error (exit code 1)"));
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

    @Test
    void anExpressionThatMakesNoSenseIsAnErrorOfTheGroupOnceItsStepsAreDone() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - name: a
                              template: work
                              hooks: {odd: {template: work, expression: nobody.status == "Running"}}
                          - - {name: b, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .runs()
                .then(node("wf[0]").is(NodePhase.RUNNING))
                .pod("a")
                .succeeds()
                .then(
                        node("wf[0]").is(NodePhase.ERROR),
                        noNode("b"),
                        noNode("wf[0].a.hooks.odd"),
                        workflow(
                                WorkflowPhase.FAILED,
                                "unknown name nobody (1:1)\n" + " | nobody.status == \"Running\"\n | ^"));
    }

    @Test
    void anExpressionThatCannotBeReadIsAnErrorOfTheDag() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - name: a
                              template: work
                              hooks: {odd: {template: work, expression: 1 +}}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .everyPodSucceeds()
                .then(
                        node("wf").is(NodePhase.ERROR).says("unexpected token EOF (1:3)\n | 1 +\n | ..^"),
                        workflow(
                                WorkflowPhase.ERROR,
                                "error in entry template execution: unexpected token EOF (1:3)\n | 1 +\n | ..^"));
    }

    @Test
    void aWorkflowsHookThatMakesNoSenseIsAnErrorOfTheWorkflowAfterItsExitHandler() {
        givenSpec("""
                        entrypoint: main
                        onExit: main
                        hooks: {odd: {template: main, expression: nobody == 1}}
                        templates:
                        - name: main
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf")
                .succeeds()
                .pod("wf.onExit")
                .succeeds()
                .then(
                        noNode("wf.hooks.odd"),
                        workflow(WorkflowPhase.ERROR, "unknown name nobody (1:1)\n" + " | nobody == 1\n | ^"));
    }

    @Test
    void whatAnExpressionAsksForMayComeLater() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - name: a
                              template: work
                              hooks: {good: {template: bye, expression: 'steps["a"].outputs.parameters.v == "7"'}}
                        - name: work
                          container: {image: busybox}
                          outputs: {parameters: [{name: v, valueFrom: {path: /v}}]}
                        - name: bye
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .runs()
                .pod("a")
                .yields(java.util.Map.of("v", "7"))
                .pod("wf[0].a.hooks.good")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    /** Argo asks it of the exit hooks of steps and tasks only. */
    @Test
    void theWorkflowsExitHookRunsWhateverItsExpressionSays() {
        givenSpec("""
                        entrypoint: main
                        hooks: {exit: {template: main, expression: workflow.status == "Failed"}}
                        templates:
                        - name: main
                          container: {image: busybox}
                        """).submitted().pod("wf").succeeds().then(ensured("wf.onExit"));
    }

    @Test
    void onExitComesBeforeTheHookOfTheSameMeaning() {
        givenSpec("""
                        entrypoint: main
                        onExit: bye
                        hooks: {exit: {template: other}}
                        templates:
                        - name: main
                          container: {image: busybox}
                        - name: bye
                          container: {image: busybox, args: [bye]}
                        - name: other
                          container: {image: busybox, args: [other]}
                        """)
                .submitted()
                .pod("wf")
                .succeeds()
                .then(order(
                        "wf.onExit",
                        order -> assertThat(order.template().container().getArgs())
                                .containsExactly("bye")));
    }

    /** Of the workflow and of steps and tasks alike. */
    @Test
    void exitHooksWithoutArgumentsGetTheWorkflows() {
        givenSpec("""
                        entrypoint: main
                        arguments: {parameters: [{name: port, value: Iolcus}]}
                        hooks: {exit: {template: bye}}
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: a, template: work, hooks: {exit: {template: bye}}}
                            - {name: b, template: work, onExit: bye}
                            - name: c
                              template: work
                              hooks: {exit: {template: bye, arguments: {parameters: [{name: port, value: Colchis}]}}}
                        - name: work
                          container: {image: busybox}
                        - name: bye
                          inputs: {parameters: [{name: port}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .succeeds()
                .pod("b")
                .succeeds()
                .pod("c")
                .succeeds()
                .then(
                        node("wf.a.onExit").has("port", "Iolcus"),
                        node("wf.b.onExit").has("port", "Iolcus"),
                        node("wf.c.onExit").has("port", "Colchis"))
                .everyPodSucceeds()
                .then(node("wf.onExit").has("port", "Iolcus"), workflow(WorkflowPhase.SUCCEEDED));
    }

    /** Argo marks a hook's retry as it does its attempts. */
    @Test
    void theRetryOfAHookBearsBothMarksAndSoDoItsAttempts() {
        givenSpec(EXIT.replace("- name: bye\n", "- name: bye\n  retryStrategy: {limit: 1}\n"))
                .submitted()
                .pod("wf")
                .succeeds()
                .then(
                        node("wf.onExit").satisfies(status -> {
                            assertThat(status.nodeFlag().hooked()).isTrue();
                            assertThat(status.nodeFlag().retried()).isTrue();
                        }),
                        node("wf.onExit(0)")
                                .satisfies(status ->
                                        assertThat(status.nodeFlag().hooked()).isTrue()));
    }

    private static String loop(String kind, String hook) {
        String unit = "{name: a, template: work, withItems: [p, q], hooks: " + hook + "}";
        return """
                entrypoint: main
                templates:
                - name: main
                  %s
                - name: work
                  container: {image: busybox}
                - name: told
                  inputs: {parameters: [{name: status}]}
                  container: {image: busybox}
                """.formatted(kind.equals("steps") ? "steps: [[" + unit + "]]" : "dag: {tasks: [" + unit + "]}");
    }

    /** Argo fills in a loop's hooks along with the loop itself. */
    @Test
    void whatHooksOfALoopAreToldOfItsOwnStepIsUnknown() {
        String hook = "{exit: {template: told, arguments: {parameters: [{name: status, value: '{{KIND.a.status}}'}]}}}";
        givenSpec(loop("steps", hook.replace("KIND", "steps")))
                .submitted()
                .then(node("[0]").is(NodePhase.ERROR).says("failed to resolve {{steps.a.status}}"));
        givenSpec(loop("dag", hook.replace("KIND", "tasks")))
                .submitted()
                .then(node("a").is(NodeType.SKIPPED).is(NodePhase.ERROR).says("failed to resolve {{tasks.a.status}}"));
    }

    @Test
    void noHookOfAStepsItemCanAskForTheStep() {
        givenSpec(loop("steps", "{hk: {template: work, expression: \"steps['a'].status == 'Failed'\"}}"))
                .submitted()
                .pod("a(0:p)")
                .fails(1)
                .pod("a(1:q)")
                .succeeds()
                .then(
                        node("[0]")
                                .is(NodePhase.ERROR)
                                .satisfies(status ->
                                        assertThat(status.message()).contains("cannot fetch status from <nil> (1:12)")),
                        node("wf").is(NodePhase.FAILED));
    }

    @Test
    void aLoopOverNothingHasNoHooksToFillIn() {
        givenSpec(loop(
                                "dag",
                                "{exit: {template: told, arguments: {parameters: [{name: status, value: '{{tasks.a.status}}'}]}}}")
                        .replace("withItems: [p, q]", "withSequence: {count: 0}"))
                .submitted()
                .then(node("a").is(NodePhase.SKIPPED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aHookOfATasksLoopIsTheLoopsAndNoPartOfWhatItsItemsGive() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - name: A
                              template: work
                              withItems: [p, q]
                              hooks: {hk: {template: work, expression: "tasks['A'].status == 'Running'"}}
                            - name: B
                              depends: A
                              template: told
                              arguments: {parameters: [{name: all, value: "{{tasks.A.outputs.parameters.x}}"}]}
                        - name: work
                          outputs: {parameters: [{name: x, valueFrom: {path: /x}}]}
                          container: {image: busybox}
                        - name: told
                          inputs: {parameters: [{name: all}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(ensured("A.hooks.hk"), ensured("A(0:p)"), noNode("A(0:p).hooks.hk"))
                .pod("A(0:p)")
                .yields(Map.of("x", "1"))
                .pod("A(1:q)")
                .yields(Map.of("x", "2"))
                .pod("A.hooks.hk")
                .yields(Map.of("x", "3"))
                .then(noNode("A(1:q).hooks.hk"), node("B").has("all", "[\"1\",\"2\"]"));
    }

    @Test
    void anEntryThatMakesNoSenseFiresNoHooksOfTheWorkflow() {
        givenSpec("""
                entrypoint: main
                hooks:
                  exit: {template: after}
                  error: {template: after, expression: workflow.status == 'Error'}
                templates:
                - name: main
                  steps: [[{name: call, template: after}]]
                  outputs: {parameters: [{name: o, valueFrom: {expression: "steps.call.outputs.parameters.none"}}]}
                - name: after
                  container: {image: busybox}
                """)
                .submitted()
                .pod("call")
                .succeeds()
                .then(workflow(WorkflowPhase.ERROR), noNode("wf.hooks.error"), noNode("wf.onExit"));
    }
}
