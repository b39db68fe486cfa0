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
import io.tiphys.testkit.Scenario;
import org.junit.jupiter.api.Test;

class DagScenarioTest {
    private static final String WORK = """
            - name: work
              container: {image: busybox}
            """;

    private static Scenario dag(String dag) {
        return givenSpec("entrypoint: main\ntemplates:\n- name: main\n  dag:\n" + dag.indent(4) + WORK);
    }

    @Test
    void aDiamondWaitsForBothArms() {
        dag("""
            tasks:
            - {name: A, template: work}
            - {name: B, template: work, dependencies: [A]}
            - {name: C, template: work, dependencies: [A]}
            - {name: D, template: work, dependencies: [B, C]}
            """)
                .submitted()
                .then(ensured("A"), noNode("B"))
                .pod("A")
                .succeeds()
                .then(ensured("B"), ensured("C"))
                .pod("B")
                .succeeds()
                .then(noNode("D"))
                .pod("C")
                .succeeds()
                .then(ensured("D"))
                .pod("D")
                .succeeds()
                .then(
                        node("wf").is(NodeType.DAG).is(NodePhase.SUCCEEDED),
                        workflow(WorkflowPhase.SUCCEEDED),
                        node("B")
                                .satisfies(
                                        status -> assertThat(status.children()).hasSize(1)),
                        node("wf")
                                .satisfies(
                                        status -> assertThat(status.children()).hasSize(1)));
    }

    @Test
    void omissionCascadesAndTheBranchFails() {
        dag("""
            tasks:
            - {name: A, template: work}
            - {name: B, template: work, dependencies: [A]}
            - {name: C, template: work, dependencies: [B]}
            """)
                .submitted()
                .pod("A")
                .fails(1)
                .then(
                        node("B").is(NodeType.SKIPPED).is(NodePhase.OMITTED).says("omitted: depends condition not met"),
                        node("C").is(NodePhase.OMITTED),
                        node("wf").is(NodePhase.FAILED).says(null),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aFailureThatIsMadeGoodIsNone() {
        dag("""
            tasks:
            - {name: A, template: work}
            - {name: B, template: work, depends: A.Failed}
            - {name: C, template: work, depends: "A.Succeeded || B"}
            """)
                .submitted()
                .pod("A")
                .fails(1)
                .then(ensured("B"))
                .everyPodSucceeds()
                .then(node("C").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void allNamedTasksMustBeDoneEvenIfTheAnswerIsKnown() {
        dag("""
            tasks:
            - {name: A, template: work}
            - {name: B, template: work}
            - {name: C, template: work, depends: "A || B"}
            """)
                .submitted()
                .pod("A")
                .succeeds()
                .then(noNode("C"))
                .pod("B")
                .fails(1)
                .then(ensured("C"))
                .pod("C")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void continueOnOfADependencyCountsForBareNames() {
        dag("""
            tasks:
            - {name: A, template: work, continueOn: {failed: true}}
            - {name: B, template: work, dependencies: [A]}
            """)
                .submitted()
                .pod("A")
                .fails(1)
                .then(ensured("B"))
                .pod("B")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void onlyAncestorsOfTheTargetRun() {
        dag("""
            target: B
            tasks:
            - {name: A, template: work}
            - {name: B, template: work, dependencies: [A]}
            - {name: C, template: work}
            """).submitted().everyPodSucceeds().then(noNode("C"), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aSkippedTaskSatisfiesABareDependency() {
        dag("""
            tasks:
            - {name: A, template: work, when: "1 == 2"}
            - {name: B, template: work, dependencies: [A]}
            """)
                .submitted()
                .then(node("A").is(NodePhase.SKIPPED), ensured("B"))
                .pod("B")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void anExpandedTaskHasATaskGroup() {
        dag("""
            tasks:
            - {name: A, template: work, withItems: [p, q]}
            - {name: B, template: work, depends: A.AnySucceeded}
            """)
                .submitted()
                .then(node("A").is(NodeType.TASK_GROUP).is(NodePhase.RUNNING), ensured("A(0:p)"), ensured("A(1:q)"))
                .pod("A(0:p)")
                .fails(1)
                .pod("A(1:q)")
                .succeeds()
                .then(node("A").is(NodePhase.FAILED), ensured("B"))
                .pod("B")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void anEmptyLoopIsSkipped() {
        dag("""
            tasks:
            - {name: A, template: work, withParam: "[]"}
            - {name: B, template: work, dependencies: [A]}
            """)
                .submitted()
                .then(node("A").is(NodeType.SKIPPED).is(NodePhase.SKIPPED).says("Skipped, empty params"), ensured("B"));
    }

    @Test
    void aCycleIsAnError() {
        dag("""
            tasks:
            - {name: A, template: work, dependencies: [B]}
            - {name: B, template: work, dependencies: [A]}
            """).submitted().then(node("wf").is(NodePhase.ERROR).says("the dependencies of tasks A, B form a cycle"));
    }

    @Test
    void independentBranchesGoOnAfterAFailure() {
        dag("""
            failFast: false
            tasks:
            - {name: A, template: work}
            - {name: B, template: work}
            - {name: C, template: work, dependencies: [B]}
            """)
                .submitted()
                .pod("A")
                .fails(1)
                .then(node("wf").is(NodePhase.RUNNING))
                .pod("B")
                .succeeds()
                .then(ensured("C"))
                .pod("C")
                .succeeds()
                .then(node("wf").is(NodePhase.FAILED));
    }
}
