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

    @Test
    void aFailureThatWasDealtWithStays() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: work}
                            - {name: cleanup, template: work, depends: A.Failed}
                            - {name: after, template: work, depends: A.Succeeded}
                            - {name: B, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("A")
                .fails(1)
                .pod("cleanup")
                .succeeds()
                .pod("B")
                .fails(1)
                .then(node("after").is(NodePhase.OMITTED), workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("A").is(NodePhase.FAILED), node("cleanup").is(NodePhase.SUCCEEDED), ensured("B"))
                .then(node("after").is(NodePhase.OMITTED));
    }

    @Test
    void anAttemptThatAnotherOneMadeGoodStays() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: flaky, template: flaky}
                          - - {name: b, template: work}
                        - name: flaky
                          retryStrategy: {limit: 2}
                          container: {image: busybox}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("flaky(0)")
                .fails(1)
                .pod("flaky(1)")
                .succeeds()
                .pod("b")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("flaky(0)").is(NodePhase.FAILED), node("flaky(1)").is(NodePhase.SUCCEEDED), ensured("b"))
                .pod("b")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void attemptsAreCountedFromTheStart() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: flaky, template: flaky}
                        - name: flaky
                          retryStrategy: {limit: 1}
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("flaky(0)")
                .fails(1)
                .pod("flaky(1)")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(ensured("flaky(0)"), noNode("flaky(1)"))
                .pod("flaky(0)")
                .fails(1)
                .pod("flaky(1)")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void onlyTheLastAttemptAtADagGoesOn() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          retryStrategy: {limit: 1}
                          dag:
                            tasks:
                            - {name: A, template: work}
                            - {name: B, template: work, dependencies: [A]}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf(0).A")
                .fails(1)
                .pod("wf(1).A")
                .succeeds()
                .pod("wf(1).B")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(
                        node("wf(0)").is(NodePhase.FAILED),
                        node("wf(0).A").is(NodePhase.FAILED),
                        node("wf(1).A").is(NodePhase.SUCCEEDED),
                        ensured("wf(1).B"))
                .pod("wf(1).B")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void nestedStepsRunAgainFromWhereTheyFailed() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: outer, template: inner}
                          - - {name: last, template: work}
                        - name: inner
                          steps:
                          - - {name: one, template: work}
                          - - {name: two, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("one")
                .succeeds()
                .pod("two")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("outer").is(NodePhase.RUNNING), node("one").is(NodePhase.SUCCEEDED), ensured("two"))
                .pod("two")
                .succeeds()
                .pod("last")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void onlyTheFailedItemsOfALoopRunAgain() {
        givenSpec(LOOP)
                .submitted()
                .pod("each(0:a)")
                .succeeds()
                .pod("each(1:b)")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("each(0:a)").is(NodePhase.SUCCEEDED), ensured("each(1:b)"))
                .pod("each(1:b)")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aLoopIsMadeAnewFromNewParameters() {
        givenSpec(LOOP)
                .submitted()
                .pod("each(0:a)")
                .succeeds()
                .pod("each(1:b)")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried("name=none", "items=[\"x\"]")
                .then(noNode("each(0:a)"), noNode("each(1:b)"), ensured("each(0:x)"))
                .pod("each(0:x)")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    private static final String LOOP = """
            entrypoint: main
            arguments: {parameters: [{name: items, value: '["a", "b"]'}]}
            templates:
            - name: main
              dag:
                tasks:
                - name: each
                  template: work
                  withParam: "{{workflow.parameters.items}}"
            - name: work
              container: {image: busybox}
            """;

    @Test
    void whatSucceededRunsAgainWhenItIsSelectedWithAllThatCameAfter() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: work}
                            - {name: B, template: work, dependencies: [A]}
                            - {name: C, template: work, when: "1 == 2", dependencies: [A]}
                            - {name: D, template: work}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .everyPodSucceeds()
                .then(node("C").is(NodePhase.SKIPPED), workflow(WorkflowPhase.SUCCEEDED))
                .retried("displayName=A,phase!=Failed,phase!=Error")
                .then(ensured("A"), noNode("B"), noNode("C"), node("D").is(NodePhase.SUCCEEDED))
                .pod("A")
                .succeeds()
                .pod("B")
                .succeeds()
                .then(node("C").is(NodePhase.SKIPPED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aStepGroupGoesWithTheStepBeforeIt() {
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
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED))
                .retried("displayName=a")
                .then(ensured("a"), noNode("b"), noNode("[1]"))
                .pod("a")
                .succeeds()
                .pod("b")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void whatContinuedAfterItsFailureStaysWhileItsSiblingRunsAgain() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          retryStrategy: {limit: 2, retryPolicy: OnError}
                          dag:
                            failFast: false
                            tasks:
                            - {name: first, template: work}
                            - {name: broken, template: work, dependencies: [first]}
                            - {name: after-broken, template: work, dependencies: [broken]}
                            - {name: tolerated, template: work, dependencies: [first], continueOn: {failed: true}}
                            - {name: after-tolerated, template: work, dependencies: [tolerated]}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("first")
                .succeeds()
                .pod("broken")
                .fails(1)
                .pod("tolerated")
                .fails(2)
                .pod("after-tolerated")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(
                        ensured("broken"),
                        noNode("after-broken"),
                        node("tolerated").is(NodePhase.FAILED),
                        node("after-tolerated").is(NodePhase.SUCCEEDED))
                .pod("broken")
                .fails(1)
                .then(node("after-broken").is(NodePhase.OMITTED), noNode("wf(1)"), workflow(WorkflowPhase.FAILED));
    }

    @Test
    void onlyTheExitHandlerRunsAgainIfOnlyThatFailed() {
        givenSpec("""
                        entrypoint: main
                        onExit: bye
                        templates:
                        - {name: main, container: {image: busybox}}
                        - {name: bye, container: {image: busybox}}
                        """)
                .submitted()
                .pod("wf")
                .succeeds()
                .pod("wf.onExit")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("wf").is(NodePhase.SUCCEEDED), ensured("wf.onExit"))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aStepWhoseHookFailedKeepsItsPod() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: a, template: work, hooks: {exit: {template: bye}}}
                          - - {name: b, template: work, hooks: {exit: {template: bye}}}
                            - {name: c, template: work}
                        - {name: work, container: {image: busybox}}
                        - {name: bye, container: {image: busybox}}
                        """)
                .submitted()
                .pod("a")
                .succeeds()
                .pod("a.onExit")
                .succeeds()
                .pod("b")
                .succeeds()
                .pod("b.onExit")
                .fails(1)
                .pod("c")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("a.onExit").is(NodePhase.SUCCEEDED), node("b").is(NodePhase.SUCCEEDED), ensured("b.onExit"))
                .pod("b.onExit")
                .succeeds()
                .pod("c")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aSuspendNodeThatFailedStaysAndFailsItsGroupAgain() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: wait, template: wait}, {name: work, template: work}]]
                        - {name: wait, suspend: {}}
                        - {name: work, container: {image: busybox}}
                        """)
                .submitted()
                .stopped()
                .pod("work")
                .fails(1)
                .then(node("wait").is(NodePhase.FAILED), workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("wait").is(NodePhase.FAILED), ensured("work"), workflow(WorkflowPhase.RUNNING))
                .pod("work")
                .succeeds()
                .then(
                        node("wait").is(NodePhase.FAILED),
                        node("work").is(NodePhase.SUCCEEDED),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void whatWasLeftOutIsDecidedAgainWhenItsTaskIsOpenedForAHook() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks:
                            - {name: A, template: inner, hooks: {exit: {template: work}}}
                            - {name: B, template: work, depends: A}
                        - name: inner
                          steps: [[{name: bad, template: work, withParam: "no list"}]]
                        - {name: work, container: {image: busybox}}
                        """)
                .submitted()
                .pod("A.onExit")
                .fails(1)
                .then(node("B").is(NodePhase.OMITTED))
                .retried()
                .then(noNode("B"))
                .pod("A.onExit")
                .succeeds()
                .then(node("B").is(NodePhase.OMITTED));
    }
}
