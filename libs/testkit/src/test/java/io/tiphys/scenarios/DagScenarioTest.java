package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.NodeNames;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DagScenarioTest {

    @Test
    void tasksAndWhatTheyDependOnAreNamedByInputs() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        arguments: {parameters: [{name: all, value: z}]}
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: one, template: pair, arguments: {parameters: [{name: n, value: a}]}}
                            - {name: two, template: pair, arguments: {parameters: [{name: n, value: b}]}}
                        - name: pair
                          inputs: {parameters: [{name: n}]}
                          dag:
                            tasks:
                            - {name: "first-{{inputs.parameters.n}}", template: work}
                            - name: "{{workflow.parameters.all}}-loop"
                              depends: "first-{{inputs.parameters.n}}.Succeeded"
                              inline: {container: {image: busybox, args: ["{{tasks.name}}"]}}
                              withItems: [1]
                            - name: last
                              dependencies: ["{{workflow.parameters.all}}-loop"]
                              template: told
                              arguments:
                                parameters:
                                - {name: said, value: "{{tasks.first-{{inputs.parameters.n}}.outputs.result}}"}
                        - name: told
                          inputs: {parameters: [{name: said}]}
                          container: {image: busybox}
                        - name: work
                          container: {image: busybox}
                        """.replace("name: n", "name: \"n\""))
                .submitted()
                .then(ensured("wf.one.first-a"), ensured("wf.two.first-b"), noNode("wf.one.z-loop"));
        scenario.pod("wf.one.first-a")
                .ends(0, Map.of(), "hello")
                .pod("wf.one.z-loop(0:1)")
                .succeeds()
                .then(
                        node("wf.one.z-loop").is(NodePhase.SUCCEEDED),
                        node("wf.one.last").has("said", "hello"))
                .adopted()
                .then(ensured("wf.one.last"), node("wf.two.first-b").is(NodePhase.PENDING))
                .pod("wf.one.last")
                .succeeds()
                .then(node("wf.one").is(NodePhase.SUCCEEDED));
    }

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
    void anOmittedTaskInheritsFromTheNodesWithinTheTaskBefore() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: nested}
                            - {name: B, template: work, dependencies: [A]}
                        - name: nested
                          steps: [[{name: a, template: work}]]
                        """ + WORK)
                .submitted()
                .pod("a")
                .runs()
                .pod("a")
                .isDeleted()
                .then(
                        node("A").is(NodePhase.FAILED),
                        node("B").is(NodePhase.OMITTED),
                        node("wf").is(NodePhase.ERROR),
                        workflow(WorkflowPhase.ERROR));
    }

    @Test
    void aSkippedTaskInheritsAFailureThatTheTaskBeforeWentOnWith() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: nested}
                            - {name: B, template: work, dependencies: [A], when: "false"}
                        - name: nested
                          steps: [[{name: a, template: work, continueOn: {failed: true}}]]
                        """ + WORK)
                .submitted()
                .pod("a")
                .fails(1)
                .then(
                        node("A").is(NodePhase.SUCCEEDED),
                        node("B").is(NodePhase.SKIPPED),
                        node("wf").is(NodePhase.FAILED));
    }

    @Test
    void attemptsThatWereRepeatedAreNoFailures() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: again}
                            - {name: B, template: work, dependencies: [A], when: "false"}
                        - name: again
                          retryStrategy: {limit: 1}
                          container: {image: busybox}
                        """ + WORK)
                .submitted()
                .pod("A(0)")
                .fails(1)
                .pod("A(1)")
                .succeeds()
                .then(node("B").is(NodePhase.SKIPPED), node("wf").is(NodePhase.SUCCEEDED));
    }

    @Test
    void whatFollowsADagHangsUnderTheEndsOfItsLastAttempt() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - [{name: one, template: dag}]
                          - [{name: two, template: work}]
                        - name: dag
                          dag: {tasks: [{name: A, template: nested}]}
                        - name: nested
                          retryStrategy: {limit: 1}
                          steps: [[{name: a, template: work}]]
                        """ + WORK).submitted().pod("a").succeeds();
        String group = id(scenario, "[1]");
        scenario.then(
                node("a").satisfies(status -> assertThat(status.children()).containsExactly(group)),
                node("A(0)").satisfies(status -> assertThat(status.children()).doesNotContain(group)),
                node("one")
                        .satisfies(status -> assertThat(status.outboundNodes()).containsExactly(id(scenario, "A(0)"))));
    }

    private static String id(Scenario scenario, String displayName) {
        return scenario.run().nodes().stream()
                .filter(found -> found.displayName().equals(displayName))
                .findFirst()
                .orElseThrow()
                .id();
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

    @Test
    void tasksOfALargeDagAreMadeInPortions() {
        String tasks = IntStream.range(0, 200)
                .mapToObj(i -> "{name: t" + i + ", template: work}")
                .collect(Collectors.joining(", "));
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag: {tasks: [%s, {name: loop, template: work, withSequence: {count: "100"}}]}
                        - name: work
                          container: {image: busybox}
                        """.formatted(tasks))
                .submitted()
                .then(ensured("t0"), ensured("t199"), ensured("loop(99:99)"));
        assertThat(scenario.run().nodes()).hasSize(1 + 200 + 1 + 100);
    }

    /** It would be called something else when the run is restored. */
    @Test
    void aNameDoesNotFollowTheTimeOrTheStatus() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: "k{{=sprig.date('2006', 'x')}}", template: work}
                            - {name: "w-{{workflow.status}}", template: work}
                        - name: work
                          container: {image: busybox}
                        """).submitted().then(ensured("k{{=sprig.date('2006', 'x')}}"), ensured("w-{{workflow.status}}"));
    }

    /** What is known of the workflow as a whole grows while it runs. */
    @Test
    void aStepNamedAfterTheWholeWorkflowKeepsItsName() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: "{{=toJson(workflow)}}", template: work}], [{name: b, template: work}]]
                        - name: work
                          container: {image: busybox}
                          outputs: {parameters: [{name: p, globalName: g, valueFrom: {path: /p}}]}
                        """)
                .submitted()
                .everyPodSucceeds()
                .then(node("b").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    /** No linter lets them pass, but not everybody asks one. */
    @Test
    void tasksOfOneNameWithTemplatesOfTheirOwnAreRestoredAsTheyRan() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, inline: {steps: [[{name: z, template: work}]]}}
                          - - {name: a, inline: {steps: []}}
                        - name: work
                          container: {image: busybox}
                        """).submitted().then(ensured("z"));
    }

    @Test
    void whatFollowsAContainerSetHangsUnderItsHooksToo() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: a, template: set, hooks: {exit: {template: set}}}
                    - {name: b, template: after, depends: a}
                - name: set
                  containerSet:
                    containers: [{name: one, image: busybox}, {name: main, image: busybox, dependencies: [one]}]
                - name: after
                  container: {image: busybox}
                """)
                .submitted()
                .pod("a")
                .succeeds()
                .pod("a.onExit")
                .succeeds()
                .then(
                        node("wf.a.main").satisfies(DagScenarioTest::leadsToB),
                        node("wf.a.onExit.main")
                                .satisfies(DagScenarioTest::leadsToB)
                                .satisfies(status ->
                                        assertThat(status.nodeFlag().hooked()).isTrue()));
    }

    private static void leadsToB(NodeStatus status) {
        assertThat(status.children()).containsExactly(NodeNames.id("wf", NodeNames.hash("wf.b")));
    }
}
