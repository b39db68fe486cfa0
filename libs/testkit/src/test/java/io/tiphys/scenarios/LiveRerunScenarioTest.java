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
import io.tiphys.engine.Input;
import io.tiphys.testkit.Scenario;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that are run again while their workflow runs. */
class LiveRerunScenarioTest {

    private static Scenario dag(String more) {
        return givenSpec("""
                entrypoint: main
                onExit: bye
                templates:
                - name: main
                  dag:
                    failFast: false
                    tasks:
                    - {name: A, template: work}
                    - {name: B, template: work, dependencies: [A]}
                    - {name: slow, template: work}
                - name: work
                  container: {image: busybox}
                  %s
                - name: bye
                  container: {image: busybox}
                """.formatted(more));
    }

    private static Scenario redone(Scenario scenario, String selector) {
        return scenario.input(
                new Input.RetryRequested(false, NodeFieldSelector.parse(selector), List.of(), scenario.now()));
    }

    @Test
    void whatFailedRunsAgainWithWhatComesAfterItAndTheRestGoesOn() {
        Scenario scenario = dag("").submitted().pod("A").fails(1).then(node("B").is(NodePhase.OMITTED));
        Instant started = scenario.run().status().startedAt();

        redone(scenario, "displayName=A")
                .then(
                        workflow(WorkflowPhase.RUNNING),
                        ensured("A"),
                        node("A").is(NodePhase.PENDING),
                        noNode("B"),
                        node("slow").is(NodePhase.PENDING))
                .pod("slow")
                .succeeds()
                .pod("A")
                .succeeds()
                .then(ensured("B"))
                .pod("B")
                .succeeds()
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(scenario.run().status().startedAt()).isEqualTo(started);
    }

    @Test
    void whatSucceededRunsAgainIfAskedForAndWhatRanAfterItIsTakenBack() {
        Scenario scenario = dag("").submitted().pod("A").succeeds().pod("B").runs();

        redone(scenario, "displayName=A")
                .then(node("A").is(NodePhase.SUCCEEDED), node("B").is(NodePhase.RUNNING));
        scenario.retried("displayName=A")
                .then(node("A").is(NodePhase.PENDING), ensured("A"), noNode("B"))
                .pod("A")
                .succeeds()
                .pod("B")
                .succeeds()
                .pod("slow")
                .succeeds()
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whatRunsIsLeftAlone() {
        Scenario scenario = dag("").submitted().pod("slow").runs();
        scenario.retried("displayName=slow").then(node("slow").is(NodePhase.RUNNING));
    }

    @Test
    void anItemOfALoopRunsAgainAndTheLoopCountsRight() {
        Scenario scenario =
                givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: w, template: work, withSequence: {count: "3"}}
                        - name: work
                          container: {image: busybox}
                        """).submitted().pod("w(1:1)").fails(1).pod("w(0:0)").succeeds();

        redone(scenario, "displayName=w(1:1)")
                .then(ensured("w(1:1)"), node("w(0:0)").is(NodePhase.SUCCEEDED))
                .pod("w(2:2)")
                .succeeds()
                .then(workflow(WorkflowPhase.RUNNING))
                .pod("w(1:1)")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void slotsAndLocksAreCountedAnew() {
        Scenario scenario =
                givenSpec("""
                        entrypoint: main
                        parallelism: 1
                        templates:
                        - name: main
                          synchronization: {mutexes: [{name: outer}]}
                          dag:
                            failFast: false
                            tasks:
                            - {name: A, template: work}
                            - {name: B, template: work}
                        - name: work
                          synchronization: {mutexes: [{name: inner}]}
                          container: {image: busybox}
                        """).submitted().pod("A").fails(1).pod("B").runs();

        redone(scenario, "displayName=A")
                .then(node("B").is(NodePhase.RUNNING), noNode("A"))
                .pod("B")
                .succeeds()
                .then(ensured("A"))
                .pod("A")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whatIsAboutToEndIsNotTakenBack() {
        Scenario stopped = dag("").submitted().pod("A").fails(1).stopped();
        redone(stopped, "displayName=A").then(node("A").is(NodePhase.FAILED));
        Scenario unselected = dag("").submitted().pod("A").fails(1).retried();
        unselected.then(node("A").is(NodePhase.FAILED));
    }

    @Test
    void aGroupThatFailedInARunningWorkflowOpensAgain() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            failFast: false
                            tasks:
                            - {name: group, template: group}
                            - {name: slow, template: work}
                        - name: group
                          steps:
                          - - {name: a, template: work}
                          - - {name: b, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .fails(1)
                .then(node("group").is(NodePhase.FAILED), workflow(WorkflowPhase.RUNNING));

        redone(scenario, "displayName=a")
                .then(node("group").is(NodePhase.RUNNING), ensured("a"))
                .pod("a")
                .succeeds()
                .pod("b")
                .succeeds()
                .pod("slow")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }
}
