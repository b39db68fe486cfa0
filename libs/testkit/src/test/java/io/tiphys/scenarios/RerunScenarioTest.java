package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import org.junit.jupiter.api.Test;

class RerunScenarioTest {
    @Test
    void failedStepsRunAgainAndSucceededOnesStay() {
        givenSpec("""
                        entrypoint: main
                        onExit: bye
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work}
                          - - {name: b, template: work}
                            - {name: c, template: work}
                        - name: work
                          container: {image: busybox}
                        - name: bye
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("a")
                .succeeds()
                .pod("b")
                .fails(1)
                .pod("c")
                .succeeds()
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(
                        workflow(WorkflowPhase.RUNNING),
                        node("a").is(NodePhase.SUCCEEDED),
                        node("c").is(NodePhase.SUCCEEDED),
                        node("b").is(NodePhase.PENDING),
                        ensured("b"),
                        noNode("wf.onExit"))
                .pod("b")
                .succeeds()
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void omittedTasksRunAfterTheRetriedOne() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: work}
                            - {name: B, template: work, dependencies: [A]}
                            - {name: C, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("C")
                .succeeds()
                .pod("A")
                .fails(1)
                .then(node("B").is(NodePhase.OMITTED), workflow(WorkflowPhase.FAILED))
                .retried()
                .then(noNode("B"), ensured("A"), node("C").is(NodePhase.SUCCEEDED))
                .pod("A")
                .succeeds()
                .then(ensured("B"))
                .pod("B")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aFailedEntryPodRunsAgain() {
        givenSpec("entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n")
                .submitted()
                .pod("wf")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("wf").is(NodePhase.PENDING))
                .pod("wf")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }
}
