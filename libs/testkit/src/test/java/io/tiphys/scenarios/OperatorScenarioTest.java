package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Input;
import io.tiphys.engine.Limits;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.engine.TransientErrors;
import io.tiphys.testkit.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people and the controller do to a workflow from outside. */
class OperatorScenarioTest {
    private static Scenario two(String more) {
        return givenSpec("""
                entrypoint: main
                %s
                templates:
                - name: main
                  steps:
                  - - {name: a, template: work}
                    - {name: b, template: work}
                - name: work
                  container: {image: busybox}
                """.formatted(more));
    }

    @Test
    void waitsOutsideUntilItMayRun() {
        Scenario scenario = two("");
        scenario.input(new Input.Postponed("too many workflows", scenario.now()))
                .then(workflow(WorkflowPhase.PENDING), noNode("a"))
                .submitted()
                .then(workflow(WorkflowPhase.RUNNING), ensured("a"), ensured("b"));
    }

    @Test
    void whatCannotRunIsRejected() {
        Scenario scenario = two("");
        scenario.input(new Input.Rejected(WorkflowPhase.ERROR, "no such template", scenario.now()))
                .then(workflow(WorkflowPhase.ERROR));
    }

    @Test
    void aMetricThatIsRefusedDoesNotEndTheWorkflow() {
        Scenario scenario = two("").submitted();
        scenario.input(new Input.MetricRefused("its name is taken", scenario.now()))
                .then(workflow(WorkflowPhase.RUNNING));
    }

    @Test
    void aHigherParallelismLetsMorePodsStart() {
        Scenario scenario = two("parallelism: 1").submitted().then(ensured("a"), noNode("b"));
        scenario.input(new Input.SpecChanged(null, 2, scenario.now())).then(ensured("b"));
    }

    @Test
    void withAParallelismOfNoneNothingBeginsAtAll() {
        Scenario scenario = two("parallelism: 0").submitted().then(workflow(WorkflowPhase.RUNNING));
        assertThat(scenario.run().nodes()).isEmpty();
        scenario.input(new Input.SpecChanged(null, 5, scenario.now())).then(ensured("a"), ensured("b"));
    }

    @Test
    void clearingTheSuspensionLeavesSuspendNodes() {
        Scenario scenario = two("suspend: true").submitted();
        scenario.input(new Input.SuspendCleared(scenario.now())).then(ensured("a"), ensured("b"));
    }

    @Test
    void suspendNodesCanBeStopped() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  suspend: {}
                """).submitted();
        scenario.input(new Input.NodesStopped(NodeFieldSelector.ALL, "not today", scenario.now()))
                .then(node("wf").is(NodePhase.FAILED), workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aPluginMaySayMoreThanOnceThatItIsNotDone() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  plugin: {slow: {}}
                """)
                .submitted()
                .task("wf")
                .goesOn("one of two", null)
                .task("wf")
                .goesOn("two of two", null)
                .then(node("wf").is(NodePhase.RUNNING))
                .task("wf")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whatAPodHasUsedIsKnownWithItsEnd() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  container: {image: busybox}
                """).submitted();
        ContainerFacts main =
                new ContainerFacts("main", Role.MAIN, ContainerState.TERMINATED, false, null, null, 0, null, null);
        PodFacts ended = new PodFacts(
                "wf", PodPhase.SUCCEEDED, null, null, null, null, null, List.of(main), false, Map.of("cpu", 10L), null);
        scenario.input(new Input.PodObserved(scenario.run().nodes().getFirst().id(), ended, scenario.now()))
                .then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(scenario.run().status().resourcesDuration()).containsEntry("cpu", 10L);
    }

    @Test
    void aWorkflowThatWouldGrowTooLargeEndsInError() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: s, template: work, withSequence: {count: "2000000000"}}]]
                - name: work
                  container: {image: busybox}
                """).submitted().then(workflow(WorkflowPhase.ERROR));
        assertThat(scenario.run().message())
                .isEqualTo(
                        "the workflow needs more than 200000 nodes, the most that tiphys.controller.max-nodes allows");
        assertThat(scenario.run().nodeCount()).as("none of them begins").isEqualTo(2);
    }

    @Test
    void recursionMayBeDeeperThanArgoAllowsIfTheOperatorSaysSo() {
        String spec = """
                entrypoint: main
                templates:
                - name: main
                  inputs: {parameters: [{name: left, value: "%d"}]}
                  steps:
                  - - name: s
                      template: main
                      when: "{{inputs.parameters.left}} > 1"
                      arguments: {parameters: [{name: left, value: "{{=asInt(inputs.parameters.left) - 1}}"}]}
                """;
        givenSpec(spec.formatted(101)).submitted().then(workflow(WorkflowPhase.FAILED));
        givenSpec(spec.formatted(1_000))
                .under(EngineSettings.of(new Limits(10_000, 1_000)))
                .submitted()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whereTheOperatorSaysSoAnExitHandlerFollowsAnEntryThatCannotBeCarriedOut() {
        Scenario broken = givenSpec("""
                entrypoint: nowhere
                onExit: bye
                templates: [{name: bye, container: {image: busybox}}]
                """);
        broken.submitted().then(workflow(WorkflowPhase.ERROR), noNode("wf.onExit"));
        broken.under(new EngineSettings(Limits.DEFAULT, TransientErrors.KNOWN, false))
                .submitted()
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.ERROR), node("wf.onExit").is(NodePhase.SUCCEEDED));
    }

    @Test
    void aDeadlineCanBeSetPutOffAndTakenAwayWhileTheWorkflowRuns() {
        Scenario late = two("activeDeadlineSeconds: 10").submitted();
        late.input(new Input.SpecChanged(30L, null, late.now()))
                .after("29s")
                .then(workflow(WorkflowPhase.RUNNING))
                .after("1s")
                .then(workflow(WorkflowPhase.FAILED));

        Scenario never = two("activeDeadlineSeconds: 10").submitted();
        never.input(new Input.SpecChanged(null, null, never.now())).after("1h").then(workflow(WorkflowPhase.RUNNING));
    }

    @Test
    void aChangeThatChangesNothingIsNone() {
        Scenario scenario = two("activeDeadlineSeconds: 10").submitted();
        scenario.input(new Input.SpecChanged(10L, null, scenario.now()))
                .then(workflow(WorkflowPhase.RUNNING))
                .after("10s")
                .then(workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aTimerThatFiresEarlyIsStartedAnew() {
        Scenario scenario = two("activeDeadlineSeconds: 10").submitted();
        scenario.input(new Input.TimerFired("deadline", scenario.now()))
                .then(workflow(WorkflowPhase.RUNNING))
                .after("10s")
                .then(workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aRunningWorkflowCannotBeRetried() {
        two("").submitted().retried().then(workflow(WorkflowPhase.RUNNING), ensured("a"));
    }

    @Test
    void whatComesWhenAllIsOverChangesNothing() {
        Scenario scenario = two("").submitted().everyPodSucceeds().then(workflow(WorkflowPhase.SUCCEEDED));
        int nodes = scenario.run().nodes().size();
        scenario.input(new Input.LocksGranted(0, 1, scenario.now()))
                .input(new Input.LocksRefused(0, 1, "no such limit", scenario.now()))
                .input(new Input.LocksDelayed(0, 1, "default/Mutex/m", "waits", Map.of(), scenario.now()))
                .input(new Input.MetricRefused("its name is taken", scenario.now()))
                .then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(scenario.run().nodes()).hasSize(nodes);
        assertThat(scenario.run().status().conditions())
                .anySatisfy(condition -> assertThat(condition.message()).isEqualTo("its name is taken"));
    }

    @Test
    void selectorsKnowNodesByWhatTheyAre() {
        for (String selector : List.of(
                "id=wf",
                "name=wf",
                "phase=Running",
                "templateName=main",
                "templateRef.template=main",
                "inputs.parameters.p.value=v")) {
            Scenario scenario = givenSpec("""
                    entrypoint: main
                    templates:
                    - name: main
                      inputs: {parameters: [{name: p, value: v}]}
                      suspend: {}
                    """).submitted();
            scenario.resumed("inputs.parameters.p.value=other")
                    .resumed("inputs.parameters.q.value=v")
                    .then(node("wf").is(NodePhase.RUNNING))
                    .resumed(selector)
                    .then(node("wf").is(NodePhase.SUCCEEDED));
        }
    }
}
