package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.activePods;
import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParallelismScenarioTest {
    @Test
    void theWorkflowsLimitCountsPods() {
        givenSpec("""
                        entrypoint: main
                        parallelism: 2
                        templates:
                        - name: main
                          steps: [[{name: a, template: work, withSequence: {count: 5}}]]
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(activePods(2), ensured("a(0:0)"), ensured("a(1:1)"), noNode("a(2:2)"))
                .pod("a(1:1)")
                .succeeds()
                .then(activePods(2), ensured("a(2:2)"))
                .everyPodSucceeds()
                .then(node("a(4:4)").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aTemplatesLimitCountsItsActiveChildren() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          parallelism: 1
                          dag:
                            tasks:
                            - {name: A, template: work}
                            - {name: B, template: work}
                            - {name: C, template: work, withItems: [1, 2]}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(activePods(1))
                .pod("A")
                .succeeds()
                .then(activePods(1), ensured("B"))
                .everyPodSucceeds()
                .then(node("C(1:2)").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void twoGroupsShareTheWorkflowsSlots() {
        givenSpec("""
                        entrypoint: main
                        parallelism: 1
                        templates:
                        - name: main
                          dag: {tasks: [{name: A, template: inner}, {name: B, template: inner}]}
                        - name: inner
                          steps: [[{name: x, template: work, withSequence: {count: 3}}]]
                        - name: work
                          container: {image: busybox}
                        """).submitted().then(activePods(1)).everyPodSucceeds().then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void failFastMakesNoMoreItemsAfterAFailure() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          parallelism: 1
                          failFast: true
                          steps: [[{name: a, template: work, withSequence: {count: 3}}]]
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a(0:0)")
                .fails(1)
                .then(
                        noNode("a(1:1)"),
                        node("wf")
                                .is(NodePhase.FAILED)
                                .says("template has failed or errored children and failFast enabled"),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void failFastLetsWhatRunsEndAndSaysSoWhateverContinueOnSays() {
        for (String continueOn : List.of("", ", continueOn: {failed: true}")) {
            givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          parallelism: 2
                          failFast: true
                          steps:
                          - [{name: a, template: work%s}, {name: b, template: work}]
                          - [{name: c, template: work}]
                        - name: work
                          container: {image: busybox}
                        """.formatted(continueOn))
                    .submitted()
                    .pod("a")
                    .fails(1)
                    .then(node("[0]").is(NodePhase.RUNNING))
                    .pod("b")
                    .succeeds()
                    .then(
                            noNode("c"),
                            node("[0]")
                                    .is(NodePhase.FAILED)
                                    .says("template has failed or errored children and failFast enabled"),
                            node("wf")
                                    .is(NodePhase.FAILED)
                                    .says("template has failed or errored children and failFast enabled"),
                            workflow(WorkflowPhase.FAILED));
        }
    }

    @Test
    void whoWaitsForASlotAfterABackoffGetsOne() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          parallelism: 1
                          dag:
                            tasks:
                            - {name: a, template: retried, withItems: [1, 2]}
                            - {name: b, template: work}
                            - {name: c, template: work, depends: a.Failed}
                        - name: retried
                          retryStrategy: {limit: 1, backoff: {duration: 5s}}
                          container: {image: busybox}
                        - {name: work, container: {image: busybox}}
                        """)
                .submitted()
                .pod("b")
                .succeeds()
                .pod("a(0:1)(0)")
                .fails(1)
                .pod("a(1:2)(0)")
                .fails(1)
                .after("5s")
                .then(activePods(1), node("a(0:1)(1)").is(NodePhase.PENDING), noNode("a(1:2)(1)"))
                .everyPodSucceeds()
                .then(
                        node("a(1:2)(1)").is(NodePhase.SUCCEEDED),
                        node("c").is(NodePhase.OMITTED),
                        workflow(WorkflowPhase.SUCCEEDED));
    }

    /** In the order of the template, whoever became ready first: so a restored run goes on with the same one. */
    @Test
    void readyTasksAreStartedInTheirOrder() {
        givenSpec("""
                        entrypoint: main
                        parallelism: 2
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: a, template: server}
                            - {name: b, template: server}
                            - {name: c, template: work, when: "0 == 1", depends: a}
                            - {name: d, template: work, depends: b}
                        - name: server
                          daemon: true
                          container: {image: busybox}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("b")
                .runs()
                .then(noNode("d"))
                .pod("a")
                .runs()
                .then(node("c").is(NodePhase.SKIPPED), noNode("d"));
    }
}
